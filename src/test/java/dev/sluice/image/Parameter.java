package dev.sluice.image;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/** The origin of a value that is a parameter of the method: its type, and its index among the arguments without the receiver. */
final class Parameter extends VarInsnNode {
    final Type type;
    final int argument;

    Parameter(Type type, int argument) {
        super(Opcodes.ALOAD, argument);
        this.type = type;
        this.argument = argument;
    }

    /** What is in the variables and on the stack before each instruction of a method: the instructions that made it. */
    static Frame<SourceValue>[] frames(ClassNode node, MethodNode method) {
        SourceInterpreter interpreter = new SourceInterpreter(Opcodes.ASM9) {
            private int parameters;

            @Override
            public SourceValue newParameterValue(boolean ofAnInstance, int local, Type type) {
                boolean receiver = ofAnInstance && local == 0;
                return new SourceValue(type.getSize(), new Parameter(type, receiver ? -1 : parameters++));
            }

            @Override
            public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
                return value; // whatever the variables it goes through
            }
        };
        try {
            return new Analyzer<>(interpreter).analyze(node.name, method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.sluice.image;

import java.lang.invoke.LambdaMetafactory;
import java.util.List;
import java.util.Optional;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * A method that is called, or that a lambda or method reference stands for.
 *
 * @param onStack how many of its first arguments are on the stack, without the receiver: all, or what a lambda captures
 * @param given the types of the other arguments, which the caller of the lambda gives
 */
record Call(String owner, String name, String desc, int onStack, List<Type> given) {
    /** What an instruction calls, or makes a lambda or method reference of. */
    static Optional<Call> of(AbstractInsnNode instruction) {
        return switch (instruction) {
            case MethodInsnNode m ->
                Optional.of(new Call(m.owner, m.name, m.desc, Type.getArgumentCount(m.desc), List.of()));
            case InvokeDynamicInsnNode d
            when d.bsm.getOwner().equals(Type.getInternalName(LambdaMetafactory.class)) -> Optional.of(of(d));
            default -> Optional.empty();
        };
    }

    private static Call of(InvokeDynamicInsnNode lambda) {
        Handle method = (Handle) lambda.bsmArgs[1];
        List<Type> given = List.of(((Type) lambda.bsmArgs[2]).getArgumentTypes());
        int captured = Type.getArgumentCount(lambda.desc);
        boolean receiver = method.getTag() != Opcodes.H_INVOKESTATIC && method.getTag() != Opcodes.H_NEWINVOKESPECIAL;
        return new Call(
                method.getOwner(),
                method.getName(),
                method.getDesc(),
                receiver && captured > 0 ? captured - 1 : captured,
                receiver && captured == 0 ? given.subList(1, given.size()) : given);
    }
}

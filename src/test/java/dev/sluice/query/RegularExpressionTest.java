package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionTest {
    private static RegularExpression.Size size(String pattern) {
        return RegularExpression.size(pattern, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc 3",
                "[a-z] 3",
                "\\d 3",
                "x{255} 255",
                "x{2,} 3",
                "x{0} 1",
                "x{1,20} 20",
                "x* 1",
                "a|b 3",
                "(ab) 3",
                "(ab)* 6",
                "(ab){3} 9",
                "(ab){3,5} 15",
                "(ab)? 3",
                "((x{10}){10}){10} 1110",
                "a{b 3",
                "[]{9}]{2} 6",
                "[^]{9}]{2} 6",
                "[[:alpha:]]{2} 6",
                "[[.].]]{2} 6",
                "[[=(=]]{2} 6",
                "[\\]]{2} 6",
                "\\({2} 6",
                "\\c({2} 6",
                "(?#(x{9})a 1",
                "(?:a){3} 6",
                "(?=a){3} 6",
                "(?<!a){3} 6",
            })
    void repetitionsAreWrittenOut(String pattern, int characters) {
        assertThat(size(pattern).characters()).isEqualTo(characters);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "(x?y?){10} 30",
                "(x*){10} 20",
                "(x?)* 4",
                "(x|){10} 30",
                "(x?){1,10} 20",
                "((x?){3}y){2} 12",
                "((x?)?){10} 30",
                "(x?y){10} 0",
                "x?y?z? 0",
                "x{0,255} 0",
                "(x?) 0",
                "(^\\m$){2} 12",
            })
    void repeatedGroupsThatMayMatchNothingAreTold(String pattern, int inEmpty) {
        assertThat(size(pattern).inEmpty()).isEqualTo(inEmpty);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^[A-Za-z0-9._%+-]{1,64}@[\\w-]{1,63}(\\.[\\w-]{1,63}){1,4}$",
                "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
                "^(\\d{1,3}\\.){3}\\d{1,3}$",
                "^\\+?[0-9]{1,3}[ -]?\\(?[0-9]{1,4}\\)?([ -]?[0-9]{1,4}){1,4}$",
                "(?i)straße|street",
                "\\mnew\\s+york\\M.{0,100}",
                "a{",
            })
    void expressionsOfEveryDayAreNotTooLarge(String pattern) {
        assertThat(size(pattern).isTooLarge()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(x{0,255}y{0,255}z{0,255}){0,40}",
                "((((a{1,9}){1,9}){1,9}){1,9}){1,9}",
                "((a{1,255}){1,255}b)*",
                "((((((((((a{255}){255}){255}){255}){255}){255}){255}){255}){255}){255})",
                "(\\w?\\s?\\d?[a-f]?[^a-z]?[[:alpha:]]?){0,80}",
                "(x?y?){99999999999}",
                "((x{0,255}y{0,255}z{0,255}){0,40}){0}",
            })
    void expressionsThatGrowAreTooLarge(String pattern) {
        assertThat(size(pattern).isTooLarge()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a",
                "a)",
                "[a",
                "[[:alpha",
                "a\\",
                "*a",
                "x{1",
                "x{1,y}",
                "(?z)",
                "(?x) a",
                "***=a",
                "***:a",
                "(?a"
            })
    void whatCannotBeReadIsRefused(String pattern) {
        assertThatThrownBy(() -> size(pattern)).isInstanceOf(QueryException.class);
    }

    @Test
    void expressionsOfAnArrayAreReadOneByOne() {
        assertThat(RegularExpression.elements("{a,\"b{1,3},\\\\(\",{c\\,d}}")).contains("a", "b{1,3},\\(", "c,d");
    }

    @Test
    void lettersAreClassesIfCaseDoesNotMatter() {
        assertThat(RegularExpression.size("ab", true).characters()).isEqualTo(6);
        assertThat(RegularExpression.size("(?i)ab", false).characters()).isEqualTo(6);
    }
}

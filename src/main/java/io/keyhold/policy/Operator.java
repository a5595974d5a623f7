package io.keyhold.policy;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a condition compares.
 *
 * @see "IAM User Guide, IAM JSON policy elements: Condition operators"
 */
enum Operator {
    StringEquals(Comparand::string, false),
    StringNotEquals(Comparand::string, true),
    StringEqualsIgnoreCase(Comparand::stringIgnoreCase, false),
    StringNotEqualsIgnoreCase(Comparand::stringIgnoreCase, true),
    StringLike(Comparand::like, false),
    StringNotLike(Comparand::like, true),
    NumericEquals(Comparand::isNumber, text -> Comparand.number(text, sign -> sign == 0), false),
    NumericNotEquals(Comparand::isNumber, text -> Comparand.number(text, sign -> sign == 0), true),
    NumericLessThan(Comparand::isNumber, text -> Comparand.number(text, sign -> sign < 0), false),
    NumericLessThanEquals(
            Comparand::isNumber, text -> Comparand.number(text, sign -> sign <= 0), false),
    NumericGreaterThan(
            Comparand::isNumber, text -> Comparand.number(text, sign -> sign > 0), false),
    NumericGreaterThanEquals(
            Comparand::isNumber, text -> Comparand.number(text, sign -> sign >= 0), false),
    DateEquals(Comparand::isDate, text -> Comparand.date(text, sign -> sign == 0), false),
    DateNotEquals(Comparand::isDate, text -> Comparand.date(text, sign -> sign == 0), true),
    DateLessThan(Comparand::isDate, text -> Comparand.date(text, sign -> sign < 0), false),
    DateLessThanEquals(Comparand::isDate, text -> Comparand.date(text, sign -> sign <= 0), false),
    DateGreaterThan(Comparand::isDate, text -> Comparand.date(text, sign -> sign > 0), false),
    DateGreaterThanEquals(
            Comparand::isDate, text -> Comparand.date(text, sign -> sign >= 0), false),
    Bool(Comparand::bool, false),
    BinaryEquals(Comparand::binary, false),
    IpAddress(Comparand::isAddress, Comparand::network, false),
    NotIpAddress(Comparand::isAddress, Comparand::network, true),
    ArnEquals(Comparand::arn, false),
    ArnNotEquals(Comparand::arn, true),
    ArnLike(Comparand::arn, false),
    ArnNotLike(Comparand::arn, true),
    Null(Comparand::bool, false);

    private static final Map<String, Operator> BY_NAME =
            Stream.of(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

    @SuppressWarnings("ImmutableEnumChecker") // each is a method of Comparand: no state
    private final Predicate<String> readable;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<Comparand.Text, Comparand> compile;

    private final boolean negated;

    Operator(Function<Comparand.Text, Comparand> compile, boolean negated) {
        this(value -> true, compile, negated);
    }

    Operator(
            Predicate<String> readable,
            Function<Comparand.Text, Comparand> compile,
            boolean negated) {
        this.readable = readable;
        this.compile = compile;
        this.negated = negated;
    }

    /** The operator of this name, without qualifier and suffix. */
    static Optional<Operator> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Whether a value of a request is of the kind that it compares. */
    boolean reads(String actual) {
        return readable.test(actual);
    }

    /** Whether it asks that no value of the policy fits. */
    boolean negated() {
        return negated;
    }

    /**
     * A value of the policy, ready to be compared.
     *
     * @throws IllegalArgumentException saying what the value should be
     */
    Comparand compile(Comparand.Text value) {
        return compile.apply(value);
    }
}

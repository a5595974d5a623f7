package io.keyhold.policy;

import java.util.List;

/** A policy document, compiled. */
public record Policy(List<Statement> statements) {

    /** A policy without a statement: it allows and denies nothing. */
    public static final Policy NOTHING = new Policy(List.of());
}

package io.keyhold.policy;

import org.jspecify.annotations.Nullable;

/** The grants of a key. */
@FunctionalInterface
public interface KeyGrants {

    /** No grants. */
    KeyGrants NONE = question -> null;

    /** A grant that allows what is asked, if there is one. */
    @Nullable GrantMatch allowing(Question question);
}

package io.keyhold.key;

/** What caused a rotation ({@code RotationType}). */
public enum RotationType {
    AUTOMATIC,
    ON_DEMAND
}

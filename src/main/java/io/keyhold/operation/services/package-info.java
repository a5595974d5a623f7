/**
 * The verbs for services that act for principals.
 *
 * <p>May use what {@code operation} may. Invariant: nobody gives a service more than he has.
 */
@NullMarked
package io.keyhold.operation.services;

import org.jspecify.annotations.NullMarked;

/** What tests of several rooms share. */
package io.keyhold.testkit;

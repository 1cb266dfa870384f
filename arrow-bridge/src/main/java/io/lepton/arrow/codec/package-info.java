/** How vectors of float32 travel in fewer bytes. */
package io.lepton.arrow.codec;

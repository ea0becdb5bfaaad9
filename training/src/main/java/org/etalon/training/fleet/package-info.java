/** Responses drawn by a fleet of servers, which get the policy's weights as model versions. */
package org.etalon.training.fleet;

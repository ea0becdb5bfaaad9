/** Run folders: one lock, one configuration, one sub-folder and one manifest per stage. */
package org.etalon.training.run;

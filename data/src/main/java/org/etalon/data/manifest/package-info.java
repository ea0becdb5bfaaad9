/** What a folder was made from and holds, file by file. */
package org.etalon.data.manifest;

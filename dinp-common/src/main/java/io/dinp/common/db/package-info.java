/** MySQL: connections, transactions, and the schema's migrations. */
package io.dinp.common.db;

package platform

import "regexp"

// operationName matches the name of a GraphQL operation.
var operationName = regexp.MustCompile(`(?:^|[\s}])(?:query|mutation)\s+([_A-Za-z][_0-9A-Za-z]*)`)

// AnyOperation is the operation of a query without a name. It stands for all others, too, that have no answer of their own.
const AnyOperation = "*"

// GraphOperation returns the name of a query's first operation, or [AnyOperation] if it has none.
func GraphOperation(query string) string {
	if found := operationName.FindStringSubmatch(query); found != nil {
		return found[1]
	}
	return AnyOperation
}

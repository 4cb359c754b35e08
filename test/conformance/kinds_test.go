package conformance

// The kinds of our errors beside those of table_test.go, as the Go program names them.
const (
	notSubmittable = "not submittable"
	notClosable    = "not closable"
	notOpenable    = "not openable"
	notRefreshable = "not refreshable"
	notOpened      = "not opened"
	noRenderer     = "no renderer"
	unsupported    = "unsupported"
	unavailable    = "unavailable"
	rateLimited    = "rate limited"
)

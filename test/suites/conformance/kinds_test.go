package conformance

// More kinds of our errors, with the names that the Go program uses. The others are in table_test.go.
const (
	notSubmittable = "not submittable"
	notClosable    = "not closable"
	notOpenable    = "not openable"
	notRefreshable = "not refreshable"
	notOpened      = "not opened"
	noDialog       = "no dialog of Jira"
	notConfigured  = "not configurable"
	notRefreshed   = "not refreshed"
	noErrors       = "no errors"
	noContent      = "no content"
	notUpdated     = "not updated"
	notResized     = "not resized"
	noRenderer     = "no renderer"
	unsupported    = "unsupported"
	unavailable    = "unavailable"
	rateLimited    = "rate limited"
)

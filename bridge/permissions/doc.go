// Package permissions reports what the app may do, and lets the customer's admin decide what addresses it may reach.
//
// [Check] reports whether the app has been granted what a part of it needs. A [Granted] answers for single addresses:
//
//	granted, err := permissions.Get(ctx)
//	…
//	if !granted.CanLoadResource(permissions.Images, url) {
//		…
//	}
//
// [GetEgress], [SetEgress], [GetRemotes], [SetRemotes] and the Delete functions are for customer-managed egress and
// remotes, which manifest.yml must enable with permissions.external.configurable.
//
// It is permissions, checkPermissions and createPermissionUtils of @forge/bridge.
//
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/customer-managed-egress-and-remotes-api/ and
// https://developer.atlassian.com/platform/forge/customer-managed-egress-and-remotes/; for checkPermissions and
// createPermissionUtils, the code of @forge/bridge.
package permissions

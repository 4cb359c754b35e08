// Package permissions tells what the app may do, and lets the customer's admin decide whom it may reach.
//
// [Check] says whether the app has been granted what a part of it needs; a [Granted] answers for single addresses:
//
//	granted, err := permissions.Get(ctx)
//	…
//	if !granted.CanLoadResource(permissions.Images, url) {
//		…
//	}
//
// [Egress], [SetEgress] and those beside it are for customer-managed egress and remotes, which manifest.yml has to enable
// with permissions.external.configurable.
//
// It is permissions, checkPermissions and createPermissionUtils of @forge/bridge.
//
// Source: apis-reference/customer-managed-egress-and-remotes-api, customer-managed-egress-and-remotes; of checkPermissions
// and createPermissionUtils the package's own code
package permissions

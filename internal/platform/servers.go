package platform

// Forge's servers in Atlassian's commercial production environment. @forge/csp 6.3.2 allows them in the app's pages.
const (
	ForgeCDN     = "https://forge.cdn.prod.atlassian-dev.net"
	APIGateway   = "https://api.atlassian.com"
	MediaGateway = "https://api.media.atlassian.com"
	ObjectStore  = "https://tdp-os.services.atlassian.com"
	ObjectCDN    = "https://object-store.atlassian.com"
)

// KeySetURL is where Forge publishes the keys of its tokens.
//
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/#verifying-the-forge-invocation-token--fit-
const KeySetURL = ForgeCDN + "/.well-known/jwks.json"

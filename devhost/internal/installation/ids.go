package installation

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// IDs are the invented ids of an installation. They depend on the app's id only, so that data that a remote stores by
// installation is still there after a restart.
type IDs struct {
	AppID, InstallationID string
	// EnvironmentID is an ARI, and EnvironmentUUID its last part.
	EnvironmentID, EnvironmentUUID  string
	CloudID, WorkspaceID, AccountID string
	// appUUID is the last part of AppID.
	appUUID string
}

// NewIDs returns the ids of an app's installation.
func NewIDs(appID string) IDs {
	id := func(kind string) string { return UUID(kind + " of " + appID) }
	app := appID[strings.LastIndexByte(appID, '/')+1:]
	return IDs{
		AppID:           appID,
		appUUID:         app,
		InstallationID:  "ari:cloud:ecosystem::installation/" + id("installation"),
		EnvironmentUUID: id("environment"),
		EnvironmentID:   "ari:cloud:ecosystem::environment/" + app + "/" + id("environment"),
		CloudID:         id("cloud"),
		WorkspaceID:     "{" + id("workspace") + "}",
		AccountID:       "712020:" + id("account"),
	}
}

// LocalID returns the id of the place in the product where a module is shown.
func (i IDs) LocalID(moduleKey string) string {
	return "ari:cloud:ecosystem::extension/" + i.appUUID + "/" + i.EnvironmentUUID + "/static/" + moduleKey
}

// APIBaseURL returns the base URL of a product's REST API.
func (i IDs) APIBaseURL(p Product) string {
	if p == Bitbucket {
		return "https://api.bitbucket.org"
	}
	return "https://api.atlassian.com/ex/" + string(p) + "/" + i.CloudID
}

// UUID returns a UUID that depends on the name only. It has the form of a random UUID.
func UUID(name string) string {
	u := sha256.Sum256([]byte("forgego local host: " + name))
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}

package installation

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/forgego/forgego/internal/platform"
)

// IDs are the invented ids of an installation. They depend on the app's id and the site's number only, so that data that a
// remote stores by installation is still there after a restart.
type IDs struct {
	AppID, InstallationID string
	// EnvironmentID is an ARI, and EnvironmentUUID its last part. All sites have the same environment.
	EnvironmentID, EnvironmentUUID string
	CloudID, WorkspaceID           string
	// appUUID is the last part of AppID.
	appUUID string
}

// newIDs returns the ids of an app's installation on the site with this number.
func newIDs(appID string, site int) IDs {
	app := appID[strings.LastIndexByte(appID, '/')+1:]
	environment := UUID("environment of " + appID)
	return IDs{
		AppID:           appID,
		appUUID:         app,
		InstallationID:  "ari:cloud:ecosystem::installation/" + numbered("installation", site, appID),
		EnvironmentUUID: environment,
		EnvironmentID:   "ari:cloud:ecosystem::environment/" + app + "/" + environment,
		CloudID:         numbered("cloud", site, appID),
		WorkspaceID:     "{" + numbered("workspace", site, appID) + "}",
	}
}

// accountID returns the id of an account. It is the same on all sites.
func accountID(appID string, number int) string {
	return "712020:" + numbered("account", number, appID)
}

// numbered returns a UUID that differs for each number. The first has no number in its name, because there was only one
// once: a remote finds the data of that time.
func numbered(kind string, number int, appID string) string {
	if number > 1 {
		kind = fmt.Sprintf("%s %d", kind, number)
	}
	return UUID(kind + " of " + appID)
}

// localID returns the id of the place in the product where a module is shown.
func (i IDs) localID(moduleKey string) string {
	return "ari:cloud:ecosystem::extension/" + i.appUUID + "/" + i.EnvironmentUUID + "/static/" + moduleKey
}

// APIBaseURL returns the base URL of a product's REST API.
func (i IDs) APIBaseURL(p Product) string {
	if p == Bitbucket {
		return "https://api.bitbucket.org"
	}
	return platform.APIGateway + "/ex/" + string(p) + "/" + i.CloudID
}

// UUID returns a UUID that depends on the name only. It has the form of a random UUID.
func UUID(name string) string {
	u := sha256.Sum256([]byte("forgego local host: " + name))
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}

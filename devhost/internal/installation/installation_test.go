package installation

import "testing"

func TestIDsAreStable(t *testing.T) {
	const app = "ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555"
	a, b, other := NewIDs(app), NewIDs(app), NewIDs(app+"x")
	if a != b {
		t.Error("NewIDs returns different ids for the same app")
	}
	if a.InstallationID == other.InstallationID || a.CloudID == other.CloudID || a.AccountID == other.AccountID {
		t.Error("two apps have the same ids")
	}
	if a.InstallationID == "ari:cloud:ecosystem::installation/"+a.CloudID {
		t.Error("the installation id and the cloud id are equal")
	}
}

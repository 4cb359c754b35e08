package remote

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// cloudKeys are the key sets of clouds, by host.
type cloudKeys struct {
	mu    sync.Mutex
	sets  map[string]string
	asked []string
}

func (c *cloudKeys) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, r.URL.String())
	if body, ok := c.sets[r.URL.Host]; ok {
		return jsonResponse(http.StatusOK, body), nil
	}
	return jsonResponse(http.StatusNotFound, ""), nil
}

func (c *cloudKeys) want(t *testing.T, n int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) != n {
		t.Errorf("requested %q; want %d requests", c.asked, n)
	}
}

func TestIsolatedClouds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &cloudKeys{sets: map[string]string{
			"forge.cdn.prod.atlassian-dev.net": jwks(jwk(testKID, testKey(), nil)),
			"keys.orange.example.com":          jwks(jwk(testKID, otherKey(), nil)),
		}}
		v := newVerifier(t, WithHTTPClient(&http.Client{Transport: server}),
			WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/{IC_LABEL}/jwks.json"))
		week := testNow.Add(7 * 24 * time.Hour).Unix()
		commercial := fit(object{"exp": week})
		orange := sign(otherKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(object{"exp": week, "icLabel": "orange"})))

		claims, err := v.Verify(t.Context(), orange)
		if err != nil || claims.ICLabel != "orange" {
			t.Fatalf("a cloud's token: %v", err)
		}
		if want := "https://keys.orange.example.com/orange/jwks.json"; server.asked[0] != want {
			t.Errorf("requested %s; want %s", server.asked[0], want)
		}
		if _, err := v.Verify(t.Context(), commercial); err != nil {
			t.Fatalf("the commercial cloud's token: %v", err)
		}
		server.want(t, 2)

		// Each cloud has its own keys. A cloud's key must not verify a token of another cloud, or of the commercial
		// one.
		_, err = v.Verify(t.Context(), sign(testKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(object{"icLabel": "orange"}))))
		assertErrors(t, err, ErrSignature)
		_, err = v.Verify(t.Context(), sign(otherKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(nil))))
		assertErrors(t, err, ErrSignature)
		_, err = v.Verify(t.Context(), sign(testKey(), toJSON(fitHeader(nil)), `{"icLabel":`))
		assertErrors(t, err, ErrMalformed)
		server.want(t, 2)

		// All invented labels together cause at most one request in 30 seconds, and known clouds continue to work.
		flood := func(n int) {
			t.Helper()
			for i := range n {
				if _, err := v.Verify(t.Context(), sign(testKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(object{"icLabel": "x" + strconv.Itoa(i)})))); err == nil {
					t.Fatal("a token with an invented label was accepted")
				}
			}
		}
		time.Sleep(refetchAfter)
		flood(100)
		server.want(t, 3)
		time.Sleep(refetchAfter)
		flood(100)
		server.want(t, 4)
		if _, err := v.Verify(t.Context(), orange); err != nil {
			t.Errorf("after the flood: %v", err)
		}
		if labels := v.clouds.labels(); len(labels) > 2 || labels[0] != "orange" {
			t.Errorf("the verifier keeps the keys of %q; want orange and at most one more", labels)
		}
	})
}

func TestIsolatedCloudsWithLabels(t *testing.T) {
	server := &cloudKeys{sets: map[string]string{"keys.orange.net": jwks(jwk(testKID, testKey(), nil)), "keys.evil.net": jwks(jwk(testKID, otherKey(), nil))}}
	v := newVerifier(t, WithHTTPClient(&http.Client{Transport: server}), WithIsolatedClouds("https://keys.{IC_LABEL}.net/jwks.json", "orange", "blue"))
	if _, err := v.Verify(t.Context(), fit(object{"icLabel": "orange"})); err != nil {
		t.Error(err)
	}
	_, err := v.Verify(t.Context(), sign(otherKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(object{"icLabel": "evil"}))))
	assertErrors(t, err, ErrIsolatedCloud)
	_, err = v.Verify(t.Context(), fit(object{"icLabel": "blue"}))
	assertErrors(t, err, ErrUnavailable)
	for _, url := range server.asked {
		if strings.Contains(url, "evil") {
			t.Errorf("requested %s, whose label is not listed", url)
		}
	}
}

// A cloud is tried again after a failure, and the number of remembered clouds is limited.
func TestIsolatedCloudsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &cloudKeys{sets: make(map[string]string)}
		v := newVerifier(t, WithHTTPClient(&http.Client{Transport: server}), WithLeeway(time.Minute),
			WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json"))
		token := func(i int) string {
			return fit(object{"exp": testNow.Add(time.Hour).Unix(), "icLabel": "c" + strconv.Itoa(i)})
		}
		_, err := v.Verify(t.Context(), token(0))
		assertErrors(t, err, ErrUnavailable)
		_, err = v.Verify(t.Context(), token(0))
		assertErrors(t, err, ErrUnavailable)
		server.want(t, 1)
		for i := range maxClouds {
			server.sets["keys.c"+strconv.Itoa(i)+".example.com"] = jwks(jwk(testKID, testKey(), nil))
			time.Sleep(refetchAfter)
			if _, err := v.Verify(t.Context(), token(i)); err != nil {
				t.Fatalf("cloud %d: %v", i, err)
			}
		}
		time.Sleep(refetchAfter)
		_, err = v.Verify(t.Context(), token(maxClouds))
		assertErrors(t, err, ErrIsolatedCloud)
		if n := len(v.clouds.labels()); n != maxClouds {
			t.Errorf("the verifier keeps %d clouds; want %d", n, maxClouds)
		}
	})
}

// labels returns the labels of the clouds whose keys are kept.
func (c *clouds) labels() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.sets))
}

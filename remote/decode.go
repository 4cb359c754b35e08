package remote

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"time"
)

// maxDate is the end of the year 9999. A date beyond it was written in milliseconds.
const maxDate = 253402300799

// registered are the claims that every JWT has, as they stand in the token.
type registered struct {
	Issuer                      string
	Audience                    []string
	Expiry, NotBefore, IssuedAt numericDate
}

// parseClaims reads the payload of a token, which the claims keep.
func parseClaims(payload []byte) (*Claims, error) {
	c := &Claims{}
	isObject := false
	ok := readJSON(payload, func(r *jsonReader) { isObject = c.read(r) })
	if !ok || !isObject {
		return nil, fmt.Errorf("%w: claims are not a JSON object with members of the expected types", ErrMalformed)
	}
	if !c.registered.Expiry.set {
		return nil, fmt.Errorf("%w: no exp", ErrMalformed)
	}
	c.ExpiresAt, c.NotBefore, c.IssuedAt = c.registered.Expiry.time(), c.registered.NotBefore.time(), c.registered.IssuedAt.time()
	c.Raw = payload
	return c, nil
}

// labelOf returns the icLabel of claims whose signature has not been verified, to find the keys that have to verify it. It
// only looks for the name: the claims are read once they have been verified, and must have the same label then.
func labelOf(payload []byte) string {
	depth := 0
	for at := 0; at < len(payload); at++ {
		switch payload[at] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			name, rest := cutText(payload[at:])
			at = len(payload) - len(rest) - 1
			if depth == 1 && string(name) == "icLabel" {
				if value, ok := bytes.CutPrefix(bytes.TrimLeft(rest, jsonSpace), []byte(":")); ok {
					label, _ := cutText(bytes.TrimLeft(value, jsonSpace))
					return string(label)
				}
			}
		}
	}
	return ""
}

// cutText returns what is in the JSON string that data begins with, as it is written, and what follows it. Without a string
// both are empty.
func cutText(data []byte) (text, rest []byte) {
	if len(data) == 0 || data[0] != '"' {
		return nil, nil
	}
	for at := 1; at < len(data); at++ {
		switch data[at] {
		case '\\':
			at++
		case '"':
			return data[1:at], data[at+1:]
		}
	}
	return nil, nil
}

func (c *Claims) read(r *jsonReader) bool {
	return r.object(func(name []byte) {
		switch string(name) {
		case "iss":
			r.string(&c.registered.Issuer)
		case "aud":
			c.registered.readAudience(r)
		case "exp":
			c.registered.Expiry.read(r)
		case "nbf":
			c.registered.NotBefore.read(r)
		case "iat":
			c.registered.IssuedAt.read(r)
		case "jti":
			r.string(&c.ID)
		case "app":
			c.App.read(r)
		case "context":
			var context Context
			if context.read(r) {
				c.Context = &context
			}
		case "principal":
			r.string(&c.Principal)
		case "icLabel":
			r.string(&c.ICLabel)
		default:
			r.skip()
		}
	})
}

// readAudience reads a string or a list of strings.
func (c *registered) readAudience(r *jsonReader) {
	if r.peek() == '"' {
		c.Audience = []string{string(r.text())}
		return
	}
	r.list(func() { c.Audience = append(c.Audience, string(r.text())) })
}

func (a *App) read(r *jsonReader) {
	r.object(func(name []byte) {
		switch string(name) {
		case "id":
			r.string(&a.ID)
		case "version":
			r.string(&a.MajorVersion)
		case "appVersion":
			r.string(&a.Version)
		case "apiBaseUrl":
			r.string(&a.APIBaseURL)
		case "installationId":
			r.string(&a.InstallationID)
		case "installation":
			a.Installation.read(r)
		case "environment":
			r.object(func(name []byte) {
				switch string(name) {
				case "type":
					r.string(&a.Environment.Type)
				case "id":
					r.string(&a.Environment.ID)
				default:
					r.skip()
				}
			})
		case "module":
			r.object(func(name []byte) {
				switch string(name) {
				case "type":
					r.string(&a.Module.Type)
				case "key":
					r.string(&a.Module.Key)
				default:
					r.skip()
				}
			})
		case "license":
			var license License
			if license.read(r) {
				a.License = &license
			}
		default:
			r.skip()
		}
	})
}

func (i *Installation) read(r *jsonReader) {
	r.object(func(name []byte) {
		switch string(name) {
		case "id":
			r.string(&i.ID)
		case "contexts":
			r.list(func() {
				var product InstallationContext
				product.read(r)
				i.Contexts = append(i.Contexts, product)
			})
		default:
			r.skip()
		}
	})
}

func (c *InstallationContext) read(r *jsonReader) {
	r.object(func(name []byte) {
		switch string(name) {
		case "name":
			r.string(&c.Name)
		case "apiBaseUrl":
			r.string(&c.APIBaseURL)
		case "cloudId":
			r.string(&c.CloudID)
		case "workspaceId":
			r.string(&c.WorkspaceID)
		default:
			r.skip()
		}
	})
}

func (l *License) read(r *jsonReader) bool {
	return r.object(func(name []byte) {
		switch string(name) {
		case "active":
			r.bool(&l.Active)
		case "type":
			r.string(&l.Type)
		case "isEvaluation":
			r.bool(&l.IsEvaluation)
		case "billingPeriod":
			r.string(&l.BillingPeriod)
		case "capabilitySet":
			r.string(&l.CapabilitySet)
		case "subscriptionEndDate":
			l.SubscriptionEndDate.read(r)
		case "trialEndDate":
			l.TrialEndDate.read(r)
		case "ccpEntitlementId":
			r.string(&l.CCPEntitlementID)
		case "ccpEntitlementSlug":
			r.string(&l.CCPEntitlementSlug)
		case "modes":
			r.list(func() {
				var mode string
				r.string(&mode)
				l.Modes = append(l.Modes, mode)
			})
		default:
			r.skip()
		}
	})
}

// read takes a value of any type: a date that cannot be read must not lock a customer out.
func (d *Date) read(r *jsonReader) {
	if r.peek() == '"' {
		d.Time = parseDate(string(r.text()))
	} else {
		r.skip()
	}
}

func (c *Context) read(r *jsonReader) bool {
	return r.object(func(name []byte) {
		switch string(name) {
		case "cloudId":
			r.string(&c.CloudID)
		case "workspaceId":
			r.string(&c.WorkspaceID)
		case "siteUrl":
			r.string(&c.SiteURL)
		case "localId":
			r.string(&c.LocalID)
		case "moduleKey":
			r.string(&c.ModuleKey)
		case "environmentId":
			r.string(&c.EnvironmentID)
		case "environmentType":
			r.string(&c.EnvironmentType)
		case "accountId":
			r.string(&c.AccountID)
		case "extension":
			c.Extension.read(r)
		default:
			r.skip()
		}
	})
}

func (e *Extension) read(r *jsonReader) {
	isObject := false
	raw := r.raw(func() {
		isObject = r.object(func(name []byte) {
			if string(name) == "type" {
				r.string(&e.Type)
			} else {
				r.skip()
			}
		})
	})
	if isObject {
		e.Raw = raw
	}
}

// numericDate is seconds since 1970, possibly with a fraction.
type numericDate struct {
	seconds float64
	set     bool
}

func (d *numericDate) read(r *jsonReader) {
	if r.null() {
		return
	}
	seconds, err := strconv.ParseFloat(string(r.number()), 64)
	// The comparison is written so that it is false for a NaN.
	if err != nil || !(seconds >= 0 && seconds <= maxDate) {
		r.fail()
		return
	}
	d.seconds, d.set = seconds, true
}

func (d *numericDate) time() time.Time {
	if !d.set {
		return time.Time{}
	}
	return time.UnixMilli(int64(math.Floor(d.seconds * 1000)))
}

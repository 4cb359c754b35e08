package remote

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// parseAddress parses an absolute URL: https, or http on a loopback address. The origin must be written as browsers write it.
// Any other form would never match, or two parsers could read it as two hosts.
func parseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || strings.Contains(text, "#") {
		return nil, errors.New("is not an absolute URL without user name and fragment")
	}
	if problem := hostProblem(u.Host); problem != "" {
		return nil, errors.New(problem + "; write the origin as location.origin shows it in a browser")
	}
	if !strings.HasPrefix(text, u.Scheme+"://"+u.Host) {
		return nil, errors.New("has a scheme or a host in capitals; write the origin as location.origin shows it in a browser")
	}
	switch port := u.Port(); {
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, errors.New("must be https, or http on a loopback address")
	case u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80":
		return nil, fmt.Errorf("has the port %s of every %s URL; leave it out, as browsers do", port, u.Scheme)
	}
	return u, nil
}

// hostProblem returns why a browser never sends this host and port in an origin, or "" if it can. It accepts only names that
// DNS allows, in ASCII.
//
// Source: https://url.spec.whatwg.org/#host-parsing, https://url.spec.whatwg.org/#host-serializing
func hostProblem(host string) string {
	if inner, after, ok := strings.Cut(host, "]"); ok && inner != "" && inner[0] == '[' {
		if !isIPv6(inner[1:]) {
			return "has an IPv6 address that is not in its shortest form"
		}
		if after == "" {
			return ""
		}
		port, ok := strings.CutPrefix(after, ":")
		if !ok {
			return "has text after its IPv6 address"
		}
		return portProblem(port)
	}
	name, port, hasPort := strings.Cut(host, ":")
	if problem := nameProblem(name); problem != "" || !hasPort {
		return problem
	}
	return portProblem(port)
}

// isIPv6 reports whether text is an IPv6 address as browsers write it.
func isIPv6(text string) bool {
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return false
	}
	if addr.Is4In6() { // netip writes these with dots, browsers do not
		b := addr.As16()
		return text == fmt.Sprintf("::ffff:%x:%x", uint16(b[12])<<8|uint16(b[13]), uint16(b[14])<<8|uint16(b[15]))
	}
	return text == addr.String()
}

func nameProblem(name string) string {
	if len(name) > 253 {
		return "has a host of more than 253 characters"
	}
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	for _, label := range labels {
		switch {
		case label == "" || len(label) > 63:
			return "has a host with a part that is empty or longer than 63 characters"
		case strings.ContainsFunc(label, func(r rune) bool { return r > 0x7F }):
			return "has a host that is not in ASCII (xn--…)"
		case strings.ContainsFunc(label, func(r rune) bool { return r != '-' && r != '_' && !isLowerAlnum(r) }):
			return "has a host with characters other than a-z, 0-9, hyphens and dots"
		}
	}
	// Browsers read a host as an IPv4 address if its last part is a number.
	last := labels[len(labels)-1]
	_, isHex := strings.CutPrefix(last, "0x")
	if strings.Trim(last, "0123456789") == "" || isHex && strings.Trim(last[2:], "0123456789abcdef") == "" {
		if addr, err := netip.ParseAddr(name); err != nil || !addr.Is4() {
			return "has a host that ends like an IPv4 address but is not four numbers from 0 to 255"
		}
	}
	return ""
}

func portProblem(port string) string {
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || port[0] == '0' {
		return "has a port that is not a number from 1 to 65535 without leading zeros"
	}
	return ""
}

// isLabel reports whether s can be one label of a host name, in lower case.
func isLabel(s string) bool {
	return len(s) >= 1 && len(s) <= 63 && !strings.ContainsFunc(s, func(r rune) bool { return r != '-' && !isLowerAlnum(r) })
}

func isLowerAlnum(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

package twin

import (
	"strings"
	"testing"

	"boussole/data"
)

// One row per thing that an offer may carry: the profiles that know of it.
func TestAccess(t *testing.T) {
	const (
		everybody     = "012345"
		professionals = "1245" // outside the medico-social field
		social        = "12345"
	)
	health, medicoSocial, town := data.Code("R227|01"), data.Code("R227|04"), data.Code("R227|05")
	act := []data.Code{"R210|0459"}
	machine := []data.Place{{Equipment: []data.Equipment{{Type: "R212|088"}}}}
	cases := []struct {
		name  string
		offer data.Offer
		code  data.Code
		want  string
	}{
		{"type", data.Offer{Type: "R244|20"}, "R244|20", everybody},
		{"field", data.Offer{Field: town}, town, everybody},
		{"category", data.Offer{Category: "R66|500"}, "R66|500", everybody},
		{"family", data.Offer{Family: "J51|01"}, "J51|01", everybody},
		{"activity", data.Offer{Activities: []data.Code{"R211|157"}}, "R211|157", everybody},
		{"care mode", data.Offer{CareModes: []data.Code{"R213|33"}}, "R213|33", everybody},
		{"audience", data.Offer{Audience: []data.Code{"R239|10"}}, "R239|10", everybody},
		{"level of expertise", data.Offer{Characteristics: []data.Code{"R344|37"}}, "R344|37", everybody},
		{"function of a place", data.Offer{Places: []data.Place{{Function: "R343|013"}}}, "R343|013", everybody},

		{"act", data.Offer{Field: health, Acts: act}, act[0], professionals},
		{"act, in town", data.Offer{Field: town, Acts: act}, act[0], professionals},
		{"act, field unknown", data.Offer{Acts: act}, act[0], professionals},
		{"act, medico-social", data.Offer{Field: medicoSocial, Acts: act}, act[0], social},
		{"outside act", data.Offer{Field: health, OutsideActs: act}, act[0], professionals},
		{"outside act, medico-social", data.Offer{Field: medicoSocial, OutsideActs: act}, act[0], social},
		{"specialisation", data.Offer{Specialisations: []data.Code{"R245|01"}}, "R245|01", professionals},
		{"specialisation, medico-social", data.Offer{Field: medicoSocial, Specialisations: []data.Code{"R245|01"}}, "R245|01", social},
		{"resource", data.Offer{Resources: []data.Code{"R94|10"}}, "R94|10", professionals},
		{"resource, medico-social", data.Offer{Field: medicoSocial, Resources: []data.Code{"R356|02"}}, "R356|02", social},
		{"competence", data.Offer{Competences: []data.Code{"R243|03"}}, "R243|03", professionals},
		{"competence, medico-social", data.Offer{Field: medicoSocial, Competences: []data.Code{"R243|03"}}, "R243|03", social},
		{"equipment", data.Offer{Places: machine}, "R212|088", professionals},
		{"equipment, medico-social", data.Offer{Field: medicoSocial, Places: machine}, "R212|088", social},

		{"act among the qualities", data.Offer{Characteristics: act}, act[0], professionals},
		{"resource among the qualities", data.Offer{Characteristics: []data.Code{"R350|60"}}, "R350|60", professionals},
		{"activity among the specialisations", data.Offer{Specialisations: []data.Code{"R211|157"}}, "R211|157", professionals},
		{"activity in both", data.Offer{Activities: []data.Code{"R211|157"}, Acts: []data.Code{"R211|157"}}, "R211|157", everybody},
		{"crisis", data.Offer{Characteristics: []data.Code{"R284|1"}}, "R284|1", "14"},
		{"crisis, medico-social", data.Offer{Field: medicoSocial, Characteristics: []data.Code{"R284|1"}}, "R284|1", "14"},
		{"unknown terminology", data.Offer{Characteristics: []data.Code{"X99|1"}}, "X99|1", "1"},

		{"sensitive", data.Offer{Sensitive: true, Type: "R244|20"}, "R244|20", "1"},
		{"sensitive, medico-social", data.Offer{Sensitive: true, Field: medicoSocial, Acts: act}, act[0], "1"},
		{"somebody practises there", data.Offer{Personal: true, Type: "R244|20"}, "R244|20", "125"},
		{"somebody practises there, medico-social", data.Offer{Personal: true, Field: medicoSocial, Type: "R244|20"}, "R244|20", "1235"},
		{"somebody practises there, in town", data.Offer{Personal: true, Field: town, Type: "R244|20"}, "R244|20", "01235"},
		{"somebody practises there, act in town", data.Offer{Personal: true, Field: town, Acts: act}, act[0], "125"},
		{"not carried", data.Offer{Type: "R244|20"}, "R244|246", ""},
		{"no code", data.Offer{}, "", ""},
	}
	for _, c := range cases {
		for profile := -1; profile <= 6; profile++ {
			asked := profile
			if profile < 0 || profile > 5 {
				asked = 0 // a profile that does not exist is the public
			}
			want := strings.Contains(c.want, string(rune('0'+asked)))
			got := Count([]data.Offer{c.offer}, profile, Question{Codes: [][]data.Code{{c.code}}}) == 1
			if got != want {
				t.Errorf("%s, profile %d: %v, want %v", c.name, profile, got, want)
			}
		}
	}
}

func TestSensitiveOffersDoNotExist(t *testing.T) {
	o := data.Offer{Sensitive: true, Places: []data.Place{{Quality: data.AtBuilding}}}
	for profile := range 6 {
		want := 0
		if profile == 1 {
			want = 1
		}
		offers := []data.Offer{o}
		if got := Count(offers, profile, Question{}); got != want {
			t.Errorf("profile %d counts %d, want %d", profile, got, want)
		}
		if got := len(Nearest(offers, profile, Question{})); got != want {
			t.Errorf("profile %d finds %d, want %d", profile, got, want)
		}
		if got := len(Fails(&o, 0, profile, Question{})); (got == 0) != (want == 1) {
			t.Errorf("profile %d: %d requirements fail", profile, got)
		}
	}
}

package twin

import (
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo"
)

func at(lon float64) data.Place {
	return data.Place{Point: geo.Point{Lon: lon}, Quality: data.AtBuilding, Address: data.Address{Commune: "75056"}}
}

func with(p data.Place, function data.Code) data.Place {
	p.Function = function
	return p
}

func TestNearest(t *testing.T) {
	adult := 40 * data.AgeYear
	twoPlaces := data.Offer{ID: "two", Type: "R244|20", Places: []data.Place{with(at(1), "R343|001"), with(at(2), "R343|013")}}
	cases := []struct {
		name   string
		offers []data.Offer
		q      Question
		want   []Answer
	}{
		{"nothing", nil, Question{}, nil},
		{"by distance", []data.Offer{{ID: "b", Places: []data.Place{at(90)}}, {ID: "c", Places: []data.Place{at(0)}}}, Question{},
			[]Answer{{ID: "c"}, {ID: "b", Distance: distance(geo.Point{}, geo.Point{Lon: 90})}}},
		{"ties by id", []data.Offer{{ID: "b", Places: []data.Place{at(0)}}, {ID: "a", Places: []data.Place{at(0)}}}, Question{},
			[]Answer{{ID: "a"}, {ID: "b"}}},
		{"ties of places by index", []data.Offer{{ID: "a", Places: []data.Place{at(90), at(0), at(0)}}}, Question{},
			[]Answer{{ID: "a", Place: 1}}},
		{"unplaced is not near", []data.Offer{{ID: "a", Places: []data.Place{{}}}, {ID: "b"}}, Question{}, nil},
		{"the nearest place that suits", []data.Offer{twoPlaces}, Question{Near: geo.Point{Lon: 1}, Codes: [][]data.Code{{"R343|013"}}},
			[]Answer{{ID: "two", Place: 1, Distance: distance(geo.Point{Lon: 1}, geo.Point{Lon: 2})}}},
		{"all at one same place", []data.Offer{twoPlaces}, Question{Codes: [][]data.Code{{"R343|001"}, {"R343|013"}}}, nil},
		{"the offer counts at each place", []data.Offer{twoPlaces}, Question{Near: geo.Point{Lon: 2}, Codes: [][]data.Code{{"R343|013"}, {"R1|1", "R244|20"}}},
			[]Answer{{ID: "two", Place: 1}}},
		{"its age", []data.Offer{{ID: "a", Ages: data.AgeRange{Min: adult}, Places: []data.Place{at(0)}}}, Question{Age: &adult},
			[]Answer{{ID: "a", Age: data.Yes}}},
		{"its age is not known", []data.Offer{{ID: "a", Places: []data.Place{at(0)}}}, Question{Age: &adult}, []Answer{{ID: "a"}}},
		{"too old", []data.Offer{{ID: "a", Ages: data.AgeRange{Before: adult}, Places: []data.Place{at(0)}}}, Question{Age: &adult}, nil},
		{"within, included", []data.Offer{{ID: "a", Places: []data.Place{at(0.0000001)}}}, Question{Within: 0.011},
			[]Answer{{ID: "a", Distance: 0.011}}},
		{"not within", []data.Offer{{ID: "a", Places: []data.Place{at(0.0000001)}}}, Question{Within: 0.010}, nil},
	}
	for _, c := range cases {
		if got := Nearest(c.offers, 0, c.q); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	offers := []data.Offer{
		{ID: "placeless"},
		{ID: "unplaced", Places: []data.Place{{Address: data.Address{Commune: "97411"}}}},
		{ID: "near", Places: []data.Place{at(0), at(0)}},
		{ID: "far", Places: []data.Place{at(90)}},
	}
	cases := []struct {
		name string
		q    Question
		want int
	}{
		{"all of them", Question{}, 4},
		{"wherever from", Question{Near: geo.Point{Lat: 90}}, 4},
		{"within, only placed ones", Question{Within: 1000}, 1},
		{"within the Earth", Question{Within: 30_000_000}, 2},
		{"a département needs a place", Question{Departements: []string{"75", "974"}}, 3},
		{"an unplaced place has one", Question{Departements: []string{"974"}}, 1},
		{"possibly open", Question{Open: Possible}, 4},
		{"known to be open", Question{Open: Yes}, 0},
	}
	for _, c := range cases {
		if got := Count(offers, 0, c.q); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestFails(t *testing.T) {
	newborn := data.Age(0)
	all := Question{
		Near: geo.Point{Lon: 90}, Within: 1000, Codes: [][]data.Code{{"R244|20"}}, Departements: []string{"01"},
		Age: &newborn, Open: Yes,
	}
	o := data.Offer{Ages: data.AgeRange{Min: data.AgeYear}, Places: []data.Place{at(0), {}}}
	cases := []struct {
		name  string
		place int
		q     Question
		want  []string
	}{
		{"nothing asked", 0, Question{}, nil},
		{"everything, far away", 0, all, []string{"code", "departement", "age", "open", "within"}},
		{"everything, unplaced", 1, all, []string{"code", "departement", "age", "open", "position"}},
		{"no position, nothing asked", 1, Question{}, []string{"position"}},
	}
	for _, c := range cases {
		if got := Fails(&o, c.place, 0, c.q); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := Fails(&data.Offer{}, -1, 0, Question{Departements: []string{"75"}}); !slices.Equal(got, []string{"departement", "position"}) {
		t.Errorf("without a place: %v", got)
	}
}

func TestDepartement(t *testing.T) {
	for commune, want := range map[string]string{
		"75056": "75", "01053": "01", "2A004": "2A", "2B033": "2B", "97411": "974", "98613": "986", "98901": "989",
		"": "", "7505": "", "20004": "", "99138": "", "00001": "", "96001": "", "97901": "", "2C001": "", "97000": "",
	} {
		o := data.Offer{Places: []data.Place{{Address: data.Address{Commune: commune}}}}
		if got := departement(&o, 0); got != want {
			t.Errorf("%q: %q, want %q", commune, got, want)
		}
		o.Places[0].Address.Departement = "974"
		if got := departement(&o, 0); got != "974" {
			t.Errorf("%q, written 974: %q", commune, got)
		}
	}
}

"""Floor 4: what each filter takes, as the command line and the API tell it."""

from __future__ import annotations

# By the filter's name: what its value is called, and what it does.
FILTER_HELP = {
    "sdg": ("N", "a goal by its number; may be given more than once"),
    "target": ("CODE", "a target, such as 6.1"),
    "agency": ("CODE", "an agency's code, such as UNICEF"),
    "donor": ("NAME", "a donor as the data names it"),
    "partner": ("NAME", "an implementing partner as the data names it"),
    "area": ("PCODE", "a province or district by P-code"),
    "status": ("CODE", "an IATI activity status, or none"),
    "scope": ("SCOPE", "subnational, nationwide or unlocated"),
    "was": ("PLACE", "registered in an area or scope; 'elsewhere' for what the rule moved"),
    "now": ("PLACE", "in an area or scope after the rule, whatever the view"),
    "years": ("YEARS", "active in a year or a span, such as 2015-2020"),
    "undated": ("1", "keep undated activities under --years"),
    "on": ("DAY", "active on a day, such as 2025-06-30, as far as dates are known"),
    "version": ("N", "the data of a version that was shown, by number, or 'embedded'"),
    "q": ("WORDS", "words in title, summary, partners or places"),
    "lang": ("LANG", "language of names and labels, such as en"),
    "view": ("VIEW", "corrected (default), registered or difference"),
    "level": ("LEVEL", "adm1 (provinces) or adm2 (districts)"),
    "metric": ("METRIC", "activities, agencies, people or budget"),
    "method": ("METHOD", "money by area: range, equal or population"),
    "basis": ("BASIS", "the budget basis that money is counted in"),
}

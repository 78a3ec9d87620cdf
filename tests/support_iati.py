"""IATI files for tests: activities as publishers write them, files of any size, and the official schema."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="{version}">\n'
FOOT = "</iati-activities>\n"
GOALS_URI = "https://laopdr.un.org/en/sdgs"

TRANSACTION = """    <transaction ref="T{n}">
      <transaction-type code="{kind}"/>
      <transaction-date iso-date="2023-0{month}-15"/>
      <value currency="USD" value-date="2023-0{month}-15">{amount}</value>
      <description><narrative>Quarterly instalment {n} under the agreement with the ministry</narrative></description>
      <provider-org ref="XM-DAC-41122" type="40"><narrative>UNICEF</narrative></provider-org>
      <receiver-org type="10"><narrative>Ministry of Health</narrative></receiver-org>
      <flow-type code="10"/><finance-type code="110"/><aid-type code="C01"/><tied-status code="5"/>
    </transaction>
"""
RESULT = """    <result type="1" aggregation-status="1">
      <title><narrative>Villages with safe water</narrative></title>
      <indicator measure="1" ascending="1">
        <title><narrative>Number of villages with a working water point</narrative></title>
        <baseline year="2021" value="4"/>
        <period>
          <period-start iso-date="2023-01-01"/><period-end iso-date="2023-12-31"/>
          <target value="40"/><actual value="38"/>
        </period>
      </indicator>
    </result>
"""
ACTIVITY = """  <iati-activity last-updated-datetime="2026-05-01T10:00:00Z" xml:lang="en" default-currency="USD">
    <iati-identifier>{identifier}</iati-identifier>
    <reporting-org ref="XM-DAC-41122" type="40"><narrative>UNICEF</narrative></reporting-org>
    <title><narrative>Safe water for schools</narrative><narrative xml:lang="fr">De l'eau potable</narrative></title>
    <description type="1"><narrative>Water points and latrines for schools of two provinces.</narrative></description>
    <participating-org role="1" type="10"><narrative>Japan</narrative></participating-org>
    <participating-org role="2" type="40"><narrative>UNICEF</narrative></participating-org>
    <participating-org role="3" type="40"><narrative>World Health Organization</narrative></participating-org>
    <participating-org role="4" type="10"><narrative>Ministry of Health</narrative></participating-org>
    <activity-status code="2"/>
    <activity-date type="1" iso-date="2022-01-01"/>
    <activity-date type="2" iso-date="2022-02-01"/>
    <activity-date type="3" iso-date="2025-12-31"/>
    <activity-scope code="5"/>
    <recipient-country code="{country}" percentage="100"/>
    <location>
      <location-reach code="1"/>
      <name><narrative>Attapeu</narrative></name>
      <administrative vocabulary="99" code="LA17" level="1"/>
      <point srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><pos>14.81 106.83</pos></point>
      <exactness code="1"/><location-class code="1"/><feature-designation code="ADM1"/>
    </location>
    <location>
      <location-reach code="1"/>
      <name><narrative>Savannakhet</narrative></name>
      <exactness code="1"/><location-class code="1"/><feature-designation code="ADM1"/>
    </location>
    <sector vocabulary="1" code="14030" percentage="100"/>
    <sector vocabulary="7" code="4" percentage="40"/>
    <tag vocabulary="2" code="6"/>
    <tag vocabulary="3" code="6.1"/>
    <tag vocabulary="99" vocabulary-uri="https://laopdr.un.org/en/sdgs" code="18"/>
    <budget><period-start iso-date="2022-01-01"/><period-end iso-date="2022-12-31"/>
      <value currency="USD" value-date="2022-01-01">120000.50</value></budget>
    <budget><period-start iso-date="2023-01-01"/><period-end iso-date="2023-12-31"/>
      <value currency="USD" value-date="2023-01-01">80000</value></budget>
{more}  </iati-activity>
"""


def document(*activities: str, version: str = "2.03") -> bytes:
    """Return a file of these activities."""
    return (HEAD.format(version=version) + "".join(activities) + FOOT).encode()


def typical(number: int, country: str = "LA", transactions: int = 8) -> str:
    """Return an activity as publishers write them, of about 8 kB with its transactions and results."""
    parts = [
        TRANSACTION.format(n=at, kind=("2", "3")[at > 0], month=at % 9 + 1, amount=1000 + at)
        for at in range(transactions)
    ]
    return ACTIVITY.format(identifier=f"XM-DAC-41122-LAO-{number}", country=country, more="".join([*parts, RESULT]))


def activity(body: str, identifier: str = "XM-1", attributes: str = 'xml:lang="en" default-currency="USD"') -> str:
    """Return an activity of this country with a title and what ``body`` adds."""
    return (
        f"<iati-activity {attributes}><iati-identifier>{identifier}</iati-identifier>"
        f'<title><narrative>Wells</narrative></title><recipient-country code="LA"/>{body}</iati-activity>\n'
    )


@cache
def schema(shared: Path) -> Any:
    """Return the official schema of activity files."""
    return etree.XMLSchema(etree.parse(str(shared / "corpora/iati-schemas/iati-activities-schema.xsd")))

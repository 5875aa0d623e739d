"""Made-up names: nobody and no firm is meant."""

from __future__ import annotations

_GIVEN = """
Abena Anouk Bram Cai Dalia Eamon Farida Gita Hanno Ilse Jonas Kofi Lieke Maren Nadia Oisin Pia
Quirine Rafi Saskia Tomas Uma Veerle Wim Xenia Yara Zoltan Amira Bo Carys Dirk Elif Fenna Goran
Hedda Idris Jorun Kees Lotte Mads
"""
_FAMILY = """
Testerman Samplesen Mockford Exemplar Placeholt Demoux Fictor Imagin Pretendt Fabelaar Sketchley
Draftson Stubbins Dummond Phantor Makebelief Inventius Proforma Notreal Modelski
"""
_FIRMS = """
Marsh Lantern Logistics, Copper Kettle Foods, Tidewater Clinics, Pebble and Pine Homes, Nine Bridges
Insurance, Windmill Paper Works, Saltbox Energy, Cloudberry Retail, Old Quay Shipping, Juniper
Street Schools, Thistle Air Cargo, Amber Field Dairy, Blue Ladder Hiring, Kestrel Parts, Foxglove
Pharma, Long Meadow Council, Redbrick Tools, Silver Oar Travel
"""

GIVEN = tuple(_GIVEN.split())
FAMILY = tuple(_FAMILY.split())
FIRMS = tuple(" ".join(name.split()) for name in _FIRMS.split(","))
FIRM_KINDS = ("Works", "Group", "Trading", "Partners", "Services")

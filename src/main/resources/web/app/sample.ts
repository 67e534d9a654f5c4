// A file to try, with what loaders often get wrong: zeros in front, identifiers beyond a double, money, empty cells.

const CSV = `station_id,zip,name,opened,daily_riders,ticket_price,accessible,note
9007199254740993,00501,Harbour,1998-04-01,12840,2.50,true,
9007199254740995,02134,Old Mill,2003-11-15,3377,2.50,false,"closed on Sundays, and at night"
9007199254740997,04401,Museum,2011-06-30,8021,1.75,true,
9007199254740999,01001,Ostbahnhof,1975-01-02,20410,3.00,true,"called ""the East"" by some"
9007199254741001,07030,Waterfront,2019-09-09,15502,2.50,true,
9007199254741003,00926,Jardín,2008-02-29,,2.00,false,not counted yet
9007199254741005,03801,Market,1989-12-24,9963,2.00,true,
9007199254741007,06510,University,1994-08-20,17788,1.50,true,half price for students
9007199254741009,02903,Stadium,2015-05-05,4120,4.25,true,
9007199254741011,05401,Hospital,2001-03-12,11236,2.00,true,
9007199254741013,03060,Airport,2022-10-01,25031,7.90,true,
9007199254741015,08540,Library,1999-07-07,6674,1.50,false,
`

export const SAMPLE_FILE = new File([CSV], 'stations.csv', { type: 'text/csv' })

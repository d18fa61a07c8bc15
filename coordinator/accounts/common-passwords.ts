/**
 * Words that the most common passwords are made of, from memory of the lists that leaks left behind: English first,
 * then names, sports, brands, other languages, and this product. `isCommonPassword` also refuses what people do to them
 * (capitals, leet, a year or `1!` behind), so some 300 words cover several thousand of the worst passwords.
 */
const TEXT = `
password passwort passw0rd passwd pass contrasena senha motdepasse haslo parola wachtwoord salasana losenord kennwort
admin administrator root system superuser user guest test tester testing demo default changeme change temp temporary
secret private public login logon signin access enter letmein openup welcome hello helloworld greetings goodbye
master hacker computer internet server desktop laptop keyboard network windows linux ubuntu debian oracle cisco
google facebook twitter youtube microsoft apple samsung nokia amazon netflix android iphone instagram linkedin
monkey dragon tiger lion panther eagle falcon phoenix dolphin shark turtle rabbit horse puppy kitten kitty spider
butterfly elephant penguin chicken scorpion cheetah buster bailey maggie ginger pepper cookie peanut muffin banana
orange cherry strawberry chocolate cheese coffee pumpkin cupcake sugar honey candy snickers
football baseball basketball soccer hockey tennis golf cricket rugby swimming wrestling skateboard snowboard
liverpool arsenal chelsea manchester barcelona realmadrid juventus yankees cowboys lakers steelers packers eagles
redsox celtic rangers everton tottenham newcastle
superman batman spiderman ironman starwars startrek skywalker pokemon pikachu minecraft fortnite naruto gandalf
matrix terminator robocop godzilla transformers simpsons hellokitty
sunshine rainbow summer winter spring autumn flower sunflower princess prince queen angel angels heaven shadow
lovely loveme iloveyou ilove love lover sweetheart sweety baby babygirl babyboy darling beautiful friends friend
forever family mother father brother sister daddy mommy jesus christ blessed faith grace church
michael jennifer jessica michelle ashley daniel jordan joshua andrew matthew robert thomas charlie george william
anthony nicole amanda hannah samantha elizabeth taylor alexander alexandra benjamin christian christopher jonathan
nicholas patrick richard steven victoria stephanie rebecca patricia danielle melissa kimberly vanessa brandon
justin austin hunter harley morgan sophie chloe olivia emily isabella maria marina natasha svetlana
ferrari porsche mercedes corvette mustang chevrolet toyota honda yamaha kawasaki harleydavidson suzuki subaru
london paris berlin moscow america canada mexico brasil australia germany england scotland ireland italia france
whatever nothing something trustno trustme killer killme freedom liberty justice power thunder lightning storm
silver golden diamond crystal platinum mercury jupiter saturn apollo galaxy universe
fuckyou fuckoff asshole bitch bullshit sexy pussy naughty hotstuff playboy
samsung blink metallica nirvana slipknot eminem guitar music rockstar ninja samurai warrior knight soldier sniper
pirate cowboy wizard magic merlin mystery zxcvbnm qwerty qwertz azerty asdfgh qazwsx abcdef
maverick nelson bonnie garfield snoopy scooby scooter rocket racing turbo hummer rolex gucci prada marlboro budweiser
corona guinness whiskey vodka tequila
january february march april june july august september october november december monday tuesday wednesday thursday
friday saturday sunday
millrace coordinator operator
`;

/** The words, each once, in lower case. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(TEXT.trim().split(/\s+/));

/** Passwords that no rule catches. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
	`1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 1qaz2wsx 1qaz2wsx3edc zaq12wsx zaq1zaq1 zaq1xsw2 2wsx3edc qaz123wsx
	a1b2c3d4 a1s2d3f4 1a2b3c4d 18273645 147258369 741852963 159753456 147896325 123698745 159357258 11223344 10203040 31415926
	27182818 19216801 00001111 12341234 55667788 password1234 passwordpassword letmeinnow iloveyou2 trustno1 ncc1701d
	thx1138 jordan23 abc123abc abcd1234 1234abcd asdf1234 1234asdf qwer1234 1234qwer zxcv1234 pass1234 admin123 test1234
	g00dPa$$w0rd p@$$w0rd correcthorsebatterystaple`
		.toLowerCase()
		.split(/\s+/),
);

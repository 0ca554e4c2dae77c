"""Words that are names as well as everyday words: pure.

When a list of names is added word by word, these are left to their whole names: "Will Young" is found as
such, and neither every "will" nor every "young" is.
"""

_WORDS = """
able academy adult age agency agreed alpha april art august aunt autumn baby ball banks bay bell best
bill black bond boy boys bridge bright brother brown bush call carer case cash chance chapel chase
child children christian church clay close cook court cousin cross cup dash daughter dawn day days
dean dear doctor dog down drew drummer earl early east eve ever everyone faith family father favour
fields fish flower forest foster four frank freed friday friend frost game gate gay gene gentle
gentleman girl given good grace grand grandfather grandmother grant green guard guy hall hand harbour
harm head health heard heart heaven hill holder holiday home honest hood hope house hunt
husband iron job joy judge july june junior justice keen key king lady lake land large law lawn leaf
light little long lord love lovely low major man manager marble march mark masters matron
may merit miles mill minor miss mister money moon moor more morning mother mum mummy needs new news
nice night north nurse officer pace page parent parents park parks partner pat patience
penny piece place plan plant police pond pool poor power precious price pride promise queen quick
read reader reign review rich riches ridge rivers road rock rose round royal school
sea section see senior sergeant sharp short sister small smart social son song south spring stone
storm story street strong sue summer sun sunday teacher town true truly trust uncle wall ward way
week weeks well wells west white wife wild will winter winters wise wood words work worker worth year
young
"""

EVERYDAY = frozenset(_WORDS.split())

namespace KerasCompat.Hdf5;

/// <summary>An object of the file as it was read once, under whichever of its paths.</summary>
internal sealed class StoredObject
{
    private readonly Lock gate = new();
    private readonly ObjectHeader header;
    private IReadOnlyList<Hdf5Link>? links;
    private Dictionary<string, Hdf5Attribute>? attributes;
    private bool tracksOrder;

    private StoredObject(long address, ObjectHeader header) => (Address, this.header) = (address, header);

    public long Address { get; }

    public ObjectHeader Header => header;

    public bool IsGroup => header.Find(MessageType.SymbolTable) is not null || header.Find(MessageType.LinkInfo) is not null;

    public bool IsDataset => header.Find(MessageType.Datatype) is not null && header.Find(MessageType.Dataspace) is not null;

    public bool IsNamedType => header.Find(MessageType.Datatype) is not null;

    public static StoredObject Read(long address, Place place)
    {
        place.File.CountObjects(1, place);
        return new StoredObject(address, ObjectHeader.Read(address, place));
    }

    /// <summary>The public face of the object under a path.</summary>
    public Hdf5Object Open(Place place) =>
        IsGroup ? new Hdf5Group(this, place)
        : IsDataset ? new Hdf5Dataset(this, place)
        : IsNamedType ? new Hdf5NamedType(this, place)
        : throw place.Damaged("an object that is neither group nor dataset nor datatype");

    public Hdf5Type ReadType(Place place)
    {
        var message = header.Find(MessageType.Datatype)!.Value;
        return Datatype.Read(message.Body.Span, place, message.IsCommitted || !IsDataset);
    }

    /// <summary>The links of a group, sorted by name.</summary>
    public IReadOnlyList<Hdf5Link> Links(Place place, out bool ordered)
    {
        lock (gate)
        {
            links ??= ReadLinks(place);
            ordered = tracksOrder;
            return links;
        }
    }

    public IReadOnlyDictionary<string, Hdf5Attribute> Attributes(Place place)
    {
        lock (gate)
        {
            return attributes ??= ReadAttributes(place);
        }
    }

    private List<Hdf5Link> ReadLinks(Place place)
    {
        List<Hdf5Link> found = [];
        if (header.Find(MessageType.SymbolTable) is { } table)
        {
            var c = new Cursor(table.Body.Span, place, "symbol table message"); // IV.A.2.r
            found = SymbolTable.Links(c.Address(), c.Address(), place);
        }
        else
        {
            foreach (var message in header.Messages)
            {
                switch (message.Type)
                {
                    case MessageType.LinkInfo:
                        tracksOrder = LinkInfo.Read(message.Body.Span, found, place);
                        break;
                    case MessageType.Link:
                        found.Add(LinkMessage.Read(message.Body.Span, place));
                        break;
                    case MessageType.GroupInfo: // IV.A.2.k: only hints for writers
                        new Cursor(message.Body.Span, place, "group info").Version(0, 0);
                        break;
                }
            }
        }

        place.File.CountObjects(found.Count, place);
        found.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < found.Count; i++)
        {
            if (found[i].Name == found[i - 1].Name)
            {
                throw place.Damaged($"two links called \"{found[i].Name}\"");
            }
        }

        return found;
    }

    private Dictionary<string, Hdf5Attribute> ReadAttributes(Place place)
    {
        var found = new List<(Hdf5Attribute Attribute, int Order)>();
        foreach (var message in header.Messages)
        {
            if (message.Type == MessageType.Attribute)
            {
                found.Add((AttributeMessage.Read(message.Body, place), message.CreationOrder));
            }
            else if (message.Type == MessageType.AttributeInfo)
            {
                found.AddRange(AttributeInfo.Read(message.Body, place));
            }
        }

        place.File.CountObjects(found.Count, place);
        var named = new Dictionary<string, Hdf5Attribute>(found.Count);
        foreach (var (attribute, _) in found.OrderBy(f => f.Order))
        {
            if (!named.TryAdd(attribute.Name, attribute))
            {
                throw place.Damaged($"two attributes called \"{attribute.Name}\"");
            }
        }

        return named;
    }
}

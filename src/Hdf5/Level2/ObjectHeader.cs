namespace KerasCompat.Hdf5;

/// <summary>IV.A.1, object headers of version 1 and 2 with their continuation blocks.</summary>
internal sealed class ObjectHeader
{
    private const int SharedFlag = 0x02, UnshareableFlag = 0x04, FailForWritingFlag = 0x08, MarkFlag = 0x10, WasUnknownFlag = 0x20,
        ShareableFlag = 0x40, FailAlwaysFlag = 0x80;

    private const int MostBlocks = 10_000;

    private readonly Place place;
    private readonly bool followShared;
    private readonly List<HeaderMessage> messages = [];
    private readonly Queue<(long Address, long Size)> continuations = new();
    private readonly List<(long Start, long End)> blocks = [];

    private ObjectHeader(Place place, bool followShared) => (this.place, this.followShared) = (place, followShared);

    /// <summary>The messages in the order of the file, without nil and continuation messages.</summary>
    public IReadOnlyList<HeaderMessage> Messages => messages;

    /// <summary>Reads a header.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="place">The object.</param>
    /// <param name="followShared">Whether messages that lie elsewhere are fetched; without it they are left out, so that
    /// two objects that refer to each other are no endless walk.</param>
    public static ObjectHeader Read(long address, Place place, bool followShared = true)
    {
        var header = new ObjectHeader(place, followShared);
        var start = place.Metadata(address, 4, "object header").Span;
        if (start.SequenceEqual("OHDR"u8))
        {
            header.ReadNew(address);
        }
        else
        {
            header.ReadOld(address);
        }

        return header;
    }

    public HeaderMessage? Find(MessageType type)
    {
        foreach (var message in messages)
        {
            if (message.Type == type)
            {
                return message;
            }
        }

        return null;
    }

    // IV.A.1.a
    private void ReadOld(long address)
    {
        const string structure = "object header";
        const int headSize = 16;
        var c = new Cursor(place.Metadata(address, headSize, structure).Span, place, structure);
        c.Version(1, 1);
        c.Skip(1);
        var count = c.U16();
        c.Skip(4); // reference count
        var size = c.U32();
        if ((count > 0 && size < 8) || (count == 0 && size > 0))
        {
            throw place.Damaged($"an object header of {count} messages in {size} bytes");
        }

        OldBlock(address + headSize, size);
        while (continuations.TryDequeue(out var next))
        {
            OldBlock(next.Address, next.Size);
        }
    }

    private void OldBlock(long address, long size)
    {
        const string structure = "object header message";
        Claim(address, size);
        var bytes = place.Metadata(address, size, "object header");
        var c = new Cursor(bytes.Span, place, structure);
        while (c.Remaining > 0)
        {
            var type = c.U16();
            var length = c.U16();
            var flags = c.U8();
            c.Skip(3);
            if (length % 8 != 0)
            {
                throw place.Damaged($"an object header message of {length} bytes", "a multiple of 8");
            }

            var start = c.Position;
            c.Skip(length);
            Add(type, flags, -1, bytes.Slice(start, length));
        }
    }

    // IV.A.1.b
    private void ReadNew(long address)
    {
        const string structure = "object header";
        const int timesFlag = 0x20, phaseFlag = 0x10, orderFlag = 0x04, sizeBits = 0x03, knownFlags = 0x3F;
        var c = new Cursor(place.Metadata(address, Math.Min(34, place.File.End - address), structure).Span, place, structure);
        c.Skip(4);
        c.Version(2, 2);
        var flags = c.U8();
        if ((flags & ~knownFlags) != 0)
        {
            throw place.Damaged($"unknown flags 0x{flags:X2} of an object header");
        }

        c.Skip(((flags & timesFlag) != 0 ? 16 : 0) + ((flags & phaseFlag) != 0 ? 4 : 0));
        var size = c.Unsigned(1 << (flags & sizeBits));
        if (size > place.File.End)
        {
            throw place.Damaged($"an object header of {size} bytes", "a header inside the file");
        }

        var tracksOrder = (flags & orderFlag) != 0;
        Claim(address, c.Position + size + Lookup3.Size);
        var head = c.Position;
        NewBlock(place.Sealed(address, head + size + Lookup3.Size, "OHDR"u8, structure)[head..], tracksOrder);
        while (continuations.TryDequeue(out var next))
        {
            Claim(next.Address, next.Size);
            NewBlock(place.Sealed(next.Address, next.Size, "OCHK"u8, "object header continuation")[4..], tracksOrder);
        }
    }

    private void NewBlock(ReadOnlyMemory<byte> bytes, bool tracksOrder)
    {
        var headSize = tracksOrder ? 6 : 4;
        var c = new Cursor(bytes.Span, place, "object header message");

        // What is left at the end and holds no message head is a gap.
        while (c.Remaining >= headSize)
        {
            var type = c.U8();
            var length = c.U16();
            var flags = c.U8();
            var order = tracksOrder ? c.U16() : -1;
            var start = c.Position;
            c.Skip(length);
            Add(type, flags, order, bytes.Slice(start, length));
        }
    }

    private void Add(int number, int flags, int order, ReadOnlyMemory<byte> body)
    {
        var type = (MessageType)number;
        if ((flags & (SharedFlag | UnshareableFlag)) == (SharedFlag | UnshareableFlag)
            || ((flags & WasUnknownFlag) != 0 && (flags & (FailForWritingFlag | MarkFlag)) != MarkFlag))
        {
            throw place.Damaged($"the flags 0x{flags:X2} of an object header message, which exclude each other");
        }

        if ((flags & ShareableFlag) != 0 && type < MessageType.FirstUnknown && !IsShareable(type))
        {
            throw place.Damaged($"an object header message of type {number} that is said to be shareable");
        }

        if (type >= MessageType.FirstUnknown && (flags & FailAlwaysFlag) != 0)
        {
            throw place.Unsupported($"an object header message of type {number} that must be understood", $"types below {MessageType.FirstUnknown:D}");
        }

        if (type == MessageType.Nil)
        {
            return;
        }

        var committed = false;
        var c = new Cursor(body.Span, place, "object header message");
        if ((flags & SharedFlag) != 0)
        {
            if (!followShared)
            {
                return;
            }

            body = SharedMessage.Resolve(type, ref c, out committed);
        }
        else if (type == MessageType.Continuation)
        {
            continuations.Enqueue((c.Address(), c.Length()));
            return;
        }

        messages.Add(new HeaderMessage(type, body, order, committed));
    }

    private static bool IsShareable(MessageType type) => type is MessageType.Dataspace or MessageType.Datatype or MessageType.OldFillValue
        or MessageType.FillValue or MessageType.FilterPipeline or MessageType.Attribute;

    // No two blocks of a header overlap: one that leads back to another would be read for ever.
    private void Claim(long address, long size)
    {
        place.CheckRange(address, size, "object header block");
        if (blocks.Count > MostBlocks)
        {
            throw place.Damaged($"an object header of more than {MostBlocks} blocks");
        }

        foreach (var (start, end) in blocks)
        {
            if (address < end && start < address + size)
            {
                throw place.Damaged($"an object header block at {address} that overlaps another");
            }
        }

        blocks.Add((address, address + size));
    }
}

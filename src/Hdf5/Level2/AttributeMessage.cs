namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.m, the attribute message: a small dataset inside a header.</summary>
internal static class AttributeMessage
{
    public static Hdf5Attribute Read(ReadOnlyMemory<byte> message, Place place)
    {
        const int sharedType = 1, sharedSpace = 2;
        var c = new Cursor(message.Span, place, "attribute");
        var version = c.Version(1, 3);
        var flags = c.U8();
        if (version == 1)
        {
            flags = 0;
        }
        else if ((flags & ~(sharedType | sharedSpace)) != 0)
        {
            throw place.Damaged($"unknown flags 0x{flags:X2} of an attribute");
        }

        var (nameSize, typeSize, spaceSize) = (c.U16(), c.U16(), c.U16());
        if (version == 3 && c.U8() is var charset and > 1)
        {
            throw place.Damaged($"character set {charset} of an attribute's name", "0 (ASCII) or 1 (UTF-8)");
        }

        var stored = Field(ref c, nameSize, version);
        if (nameSize == 0 || stored.IndexOf((byte)0) != nameSize - 1)
        {
            throw place.Damaged($"an attribute's name that does not fill its {nameSize} bytes");
        }

        var name = Text.Name(stored[..^1], place);
        var own = place.At($"{place.Path}@{name}");
        var type = ReadType(Field(ref c, typeSize, version), (flags & sharedType) != 0, own);
        var space = Dataspace.Read(Resolve(MessageType.Dataspace, Field(ref c, spaceSize, version), (flags & sharedSpace) != 0, own), own);
        var size = (Int128)space.Count * type.Size;
        if (space.Kind == Hdf5SpaceKind.Null)
        {
            size = 0;
        }

        return size <= c.Remaining
            ? new Hdf5Attribute(name, type, space, message.Slice(c.Position, (int)size), own)
            : throw own.Damaged($"{c.Remaining} bytes of values", $"{size} bytes");
    }

    private static ReadOnlySpan<byte> Field(ref Cursor c, int size, int version)
    {
        var field = c.Take(size);
        if (version == 1)
        {
            c.Skip(-size & 7);
        }

        return field;
    }

    private static Hdf5Type ReadType(ReadOnlySpan<byte> field, bool shared, Place place)
    {
        if (!shared)
        {
            return Datatype.Read(field, place);
        }

        var c = new Cursor(field, place, "shared datatype");
        var body = SharedMessage.Resolve(MessageType.Datatype, ref c, out var committed);
        return Datatype.Read(body.Span, place, committed);
    }

    private static ReadOnlySpan<byte> Resolve(MessageType type, ReadOnlySpan<byte> field, bool shared, Place place)
    {
        if (!shared)
        {
            return field;
        }

        var c = new Cursor(field, place, "shared message");
        return SharedMessage.Resolve(type, ref c, out _).Span;
    }
}

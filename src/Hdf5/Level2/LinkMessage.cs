namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.g, the link message: one link of a new group.</summary>
internal static class LinkMessage
{
    private const int Hard = 0, Soft = 1, External = 64;

    public static Hdf5Link Read(ReadOnlySpan<byte> message, Place place)
    {
        const int sizeBits = 0x03, orderFlag = 0x04, typeFlag = 0x08, charsetFlag = 0x10, knownFlags = 0x1F;
        var c = new Cursor(message, place, "link");
        c.Version(1, 1);
        var flags = c.U8();
        if ((flags & ~knownFlags) != 0)
        {
            throw place.Damaged($"unknown flags 0x{flags:X2} of a link");
        }

        var type = (flags & typeFlag) != 0 ? c.U8() : Hard;
        var order = (flags & orderFlag) != 0 ? (long)c.U64() : -1;
        if ((flags & charsetFlag) != 0 && c.U8() is var charset and > 1)
        {
            throw place.Damaged($"character set {charset} of a link's name", "0 (ASCII) or 1 (UTF-8)");
        }

        var length = c.Unsigned(1 << (flags & sizeBits));
        var name = Text.Name(c.Take(length), place);
        if (name.Length == 0 || name.Contains('\0'))
        {
            throw place.Damaged("a link without a proper name");
        }

        switch (type)
        {
            case Hard:
                return new Hdf5Link(name, Hdf5LinkKind.Hard) { Address = c.Address(), CreationOrder = order };
            case Soft:
                var target = c.Take(c.U16());
                return new Hdf5Link(name, Hdf5LinkKind.Soft) { TargetPath = Text.Name(target, place), CreationOrder = order };
            case External:
                var both = new Cursor(c.Take(c.U16()), place, "external link");
                both.Version(0, 0);
                var file = Text.Name(both.NulTerminated(), place);
                return new Hdf5Link(name, Hdf5LinkKind.External)
                {
                    TargetFile = file, TargetPath = Text.Name(both.NulTerminated(), place), CreationOrder = order,
                };
            case > External:
                return new Hdf5Link(name, Hdf5LinkKind.UserDefined) { CreationOrder = order };
            default:
                throw place.Damaged($"a link of type {type}", "0 (hard), 1 (soft), 64 (external) or a user's own");
        }
    }
}

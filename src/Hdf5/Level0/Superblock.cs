namespace KerasCompat.Hdf5;

/// <summary>Level 0A, the superblock, and the messages of its extension.</summary>
internal static class Superblock
{
    /// <summary>Fills in what the superblock says of the file and returns the address of the root group's object header.</summary>
    public static long Read(OpenFile file, long start)
    {
        file.Base = start;
        file.End = file.Bytes.Length - start;
        var place = new Place(file, "/");
        var bytes = place.Metadata(0, Math.Min(file.End, 128), "superblock").Span;
        var c = new Cursor(bytes, place, "superblock");
        c.Skip(Signature.Size);
        var version = c.Version(0, 3);
        return version < 2 ? ReadOld(file, ref c, version) : ReadNew(file, ref c, bytes);
    }

    // Level 0A, versions 0 and 1.
    private static long ReadOld(OpenFile file, ref Cursor c, byte version)
    {
        var place = c.Place;
        if ((c.U8(), c.U8(), c.U8(), c.U8()) is var versions && (versions.Item1 | versions.Item2 | versions.Item4) != 0)
        {
            throw place.Damaged("an unknown version of the free space, root group or shared message format in the superblock", "version 0");
        }

        ReadSizes(file, ref c);
        c.Skip(1);
        file.GroupLeafK = Rank(c.U16(), place);
        file.GroupInternalK = Rank(c.U16(), place);
        c.Skip(4); // consistency flags: of no meaning here
        if (version == 1)
        {
            file.ChunkInternalK = Rank(c.U16(), place);
            c.Skip(2);
        }

        var storedBase = c.Address();
        c.Skip(file.OffsetSize); // free space
        var storedEnd = c.Address();
        var driver = c.Address();
        c.Skip(file.LengthSize); // the name of the root
        var root = c.Address();
        if (c.U32() > 2)
        {
            throw place.Damaged("an unknown kind of cached data in the root's symbol table entry", "0, 1 or 2");
        }

        if (driver != Cursor.Undefined)
        {
            RefuseDriverBlock(driver, place);
        }

        SetEnd(file, storedBase, storedEnd, place);
        return root;
    }

    // Level 0A, versions 2 and 3.
    private static long ReadNew(OpenFile file, ref Cursor c, ReadOnlySpan<byte> bytes)
    {
        var place = c.Place;
        ReadSizes(file, ref c);
        c.Skip(1); // consistency flags: a file that a writer still had open is read as far as it was written
        var storedBase = c.Address();
        var extension = c.Address();
        var storedEnd = c.Address();
        var root = c.Address();
        c.Skip(Lookup3.Size);
        if (!Lookup3.Verifies(bytes[..c.Position]))
        {
            throw place.Damaged("a wrong checksum of the superblock");
        }

        // The extension may name a driver that explains why the file is short.
        if (extension == root)
        {
            throw place.Damaged("a superblock extension that is the root group");
        }

        if (extension != Cursor.Undefined)
        {
            ReadExtension(file, extension, place);
        }

        SetEnd(file, storedBase, storedEnd, place);
        return root;
    }

    private static void ReadSizes(OpenFile file, ref Cursor c)
    {
        file.OffsetSize = Width(c.U8(), c.Place);
        file.LengthSize = Width(c.U8(), c.Place);
    }

    private static int Width(byte width, Place place) => width switch
    {
        2 or 4 or 8 => width,
        16 or 32 => throw place.Unsupported($"addresses or lengths of {width} bytes", "2, 4 or 8 bytes"),
        _ => throw place.Damaged($"addresses or lengths of {width} bytes", "2, 4 or 8 bytes"),
    };

    private static int Rank(int k, Place place) => k > 0 ? k : throw place.Damaged("a B-tree rank of 0 in the superblock");

    // A file may have been moved behind other bytes: then only the distance between base and end still holds.
    private static void SetEnd(OpenFile file, long storedBase, long storedEnd, Place place)
    {
        if (storedBase == Cursor.Undefined || storedEnd == Cursor.Undefined || storedEnd < storedBase)
        {
            throw place.Damaged($"an end of file of {storedEnd} and a base address of {storedBase}", "an end behind the base");
        }

        if (storedEnd - storedBase > file.End)
        {
            throw place.Damaged($"a truncated file of {file.End} bytes", $"{storedEnd - storedBase} bytes", "copy or download it again");
        }

        file.End = storedEnd - storedBase;
    }

    // Level 0B, file driver info.
    private static void RefuseDriverBlock(long address, Place place)
    {
        var c = new Cursor(place.Metadata(address, 16, "driver information block").Span, place, "driver information block");
        c.Version(0, 0);
        c.Skip(7);
        RefuseDriver(c.Take(8), place);
    }

    private static void RefuseDriver(ReadOnlySpan<byte> id, Place place) => throw place.Unsupported(
        $"the file driver {Text.Printable(id)}: the data is spread over several files",
        "a file in one piece",
        "join the parts with h5repart or h5repack");

    private static void ReadExtension(OpenFile file, long address, Place place)
    {
        foreach (var message in ObjectHeader.Read(address, place).Messages)
        {
            var c = new Cursor(message.Body.Span, place, "superblock extension");
            switch (message.Type)
            {
                case MessageType.BTreeRanks: // IV.A.2.t
                    c.Version(0, 0);
                    file.ChunkInternalK = Rank(c.U16(), place);
                    file.GroupInternalK = Rank(c.U16(), place);
                    file.GroupLeafK = Rank(c.U16(), place);
                    break;
                case MessageType.DriverInfo: // IV.A.2.u
                    c.Version(0, 0);
                    RefuseDriver(c.Take(8), place);
                    break;
                case MessageType.SharedMessageTable:
                    file.SharedMessages = SharedMessageTable.Read(ref c);
                    break;
                case MessageType.CacheImage: // IV.A.2.y
                    c.Version(0, 0);
                    if (c.Address() != Cursor.Undefined)
                    {
                        throw place.Unsupported(
                            "a metadata cache image", "metadata in its own places", "open the file once for writing with h5py, or use h5repack");
                    }

                    break;
            }
        }
    }
}

namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.d, the datatype message.</summary>
internal static class Datatype
{
    private const int MostArrayDimensions = 32;

    public static Hdf5Type Read(ReadOnlySpan<byte> message, Place place, bool committed = false)
    {
        var c = new Cursor(message, place, "datatype");
        var type = Read(ref c, 0);
        return committed ? type.AsCommitted() : type;
    }

    private static Hdf5Type Read(ref Cursor c, int depth)
    {
        var place = c.Place;
        if (depth > place.File.Limits.MaxDepth)
        {
            throw place.TooLarge("a datatype nested deeper", nameof(ReadLimits.MaxDepth), place.File.Limits.MaxDepth);
        }

        var classAndVersion = c.U8();
        var version = classAndVersion >> 4;
        var typeClass = (Hdf5TypeClass)(classAndVersion & 15);
        if (version is < 1 or > 5)
        {
            throw place.Damaged($"version {version} of a datatype", "version 1 to 5");
        }

        var bits = c.U8() | (c.U8() << 8) | (c.U8() << 16);
        var storedSize = c.U32();
        if (storedSize is 0 or > int.MaxValue)
        {
            throw place.Damaged($"a datatype of {storedSize} bytes", "a size from 1 byte to 2 GiB");
        }

        var size = (int)storedSize;
        return typeClass switch
        {
            Hdf5TypeClass.Integer or Hdf5TypeClass.BitField => Integer(ref c, typeClass, size, bits),
            Hdf5TypeClass.Float => Float(ref c, size, bits, version),
            Hdf5TypeClass.Time => Time(ref c, size, bits),
            Hdf5TypeClass.String => String(place, size, bits),
            Hdf5TypeClass.Opaque => Opaque(ref c, size, bits),
            Hdf5TypeClass.Compound => Compound(ref c, size, bits, version, depth),
            Hdf5TypeClass.Reference => Reference(place, size, bits),
            Hdf5TypeClass.Enum => Enumeration(ref c, size, bits, version, depth),
            Hdf5TypeClass.Sequence => Sequence(ref c, size, bits, depth),
            Hdf5TypeClass.Array => Array(ref c, size, version, depth),
            Hdf5TypeClass.Complex => Complex(ref c, size, depth),
            _ => throw place.Damaged($"a datatype of class {(int)typeClass}", "class 0 to 11"),
        };
    }

    private static Hdf5Type Integer(ref Cursor c, Hdf5TypeClass typeClass, int size, int bits)
    {
        const int bigEndian = 1, signed = 8;
        var (offset, precision) = Bits(ref c, size);
        return new Hdf5Type(typeClass, size)
        {
            ByteOrder = (bits & bigEndian) != 0 ? Hdf5ByteOrder.BigEndian : Hdf5ByteOrder.LittleEndian,
            IsSigned = typeClass == Hdf5TypeClass.Integer && (bits & signed) != 0,
            BitOffset = offset,
            Precision = precision,
        };
    }

    private static (int Offset, int Precision) Bits(ref Cursor c, int size)
    {
        var (offset, precision) = (c.U16(), c.U16());

        // Like libhdf5: a number of which more than half is padding is taken for damage.
        if (precision == 0 || offset + precision > 8L * size || (size > 1 && 8L * size > 2 * precision))
        {
            throw c.Place.Damaged($"a number of {size} bytes of which {precision} bits count, from bit {offset}", "bits that fill most of it");
        }

        return (offset, precision);
    }

    private static Hdf5Type Float(ref Cursor c, int size, int bits, int version)
    {
        const int impliedBit = 2;
        var place = c.Place;
        var (offset, precision) = Bits(ref c, size);
        var (exponentBit, exponentBits, mantissaBit, mantissaBits) = (c.U8(), c.U8(), c.U8(), c.U8());
        var bias = c.U32();
        var signBit = (bits >> 8) & 0xFF;
        var order = bits & (version < 3 ? 0x01 : 0x41); // bit 0, and since version 3 bit 6
        var normalization = (bits >> 4) & 3;
        var end = 8 * size;
        if (signBit >= end || exponentBits == 0 || mantissaBits == 0 || exponentBit + exponentBits > end || mantissaBit + mantissaBits > end
            || order == 0x40 || normalization > impliedBit)
        {
            throw place.Damaged(
                $"a float of {size} bytes with its sign at bit {signBit}, exponent at {exponentBit} of {exponentBits} bits, "
                + $"mantissa at {mantissaBit} of {mantissaBits} bits", "parts that lie inside it");
        }

        return new Hdf5Type(Hdf5TypeClass.Float, size)
        {
            ByteOrder = order switch { 0 => Hdf5ByteOrder.LittleEndian, 1 => Hdf5ByteOrder.BigEndian, _ => Hdf5ByteOrder.Vax },
            BitOffset = offset,
            Precision = precision,
            Float = new Hdf5FloatFormat(signBit, exponentBit, exponentBits, mantissaBit, mantissaBits, bias, normalization == impliedBit),
        };
    }

    private static Hdf5Type Time(ref Cursor c, int size, int bits) => new(Hdf5TypeClass.Time, size)
    {
        ByteOrder = (bits & 1) != 0 ? Hdf5ByteOrder.BigEndian : Hdf5ByteOrder.LittleEndian,
        Precision = c.U16(),
    };

    private static Hdf5Type String(Place place, int size, int bits) => new(Hdf5TypeClass.String, size)
    {
        Padding = Padding(bits & 15, place),
        IsUtf8 = IsUtf8((bits >> 4) & 15, place),
    };

    private static Hdf5StringPadding Padding(int padding, Place place) =>
        padding <= 2 ? (Hdf5StringPadding)padding : throw place.Damaged($"padding {padding} of a text", "0 to 2");

    private static bool IsUtf8(int characterSet, Place place) =>
        characterSet <= 1 ? characterSet == 1 : throw place.Damaged($"character set {characterSet}", "0 (ASCII) or 1 (UTF-8)");

    private static Hdf5Type Opaque(ref Cursor c, int size, int bits)
    {
        var tag = c.Take(Math.Min(bits & 0xFF, c.Remaining));
        var end = tag.IndexOf((byte)0);
        return new Hdf5Type(Hdf5TypeClass.Opaque, size) { Tag = Text.Name(end < 0 ? tag : tag[..end], c.Place) };
    }

    private static Hdf5Type Compound(ref Cursor c, int size, int bits, int version, int depth)
    {
        var place = c.Place;
        var count = bits & 0xFFFF;
        if (count == 0)
        {
            throw place.Damaged("a compound type without members");
        }

        var members = new List<Hdf5Member>();
        var names = new HashSet<string>();
        for (var i = 0; i < count; i++)
        {
            var start = c.Position;
            var name = Text.Name(c.NulTerminated(), place);
            if (version < 3)
            {
                c.Align8(start);
            }

            var offset = c.Unsigned(version < 3 ? 4 : BytesFor(size));
            int[] dimensions = [];
            if (version == 1)
            {
                var rank = c.U8();
                c.Skip(11); // reserved, permutation, reserved
                dimensions = Dimensions(ref c, rank, 4, 4);
                c.Skip(4 * (4 - Math.Min(rank, (byte)4)));
            }

            var type = Read(ref c, depth + 1);
            if (dimensions.Length > 0)
            {
                type = ArrayOf(type, dimensions, place);
            }

            if (offset > size - type.Size)
            {
                throw place.Damaged($"the member \"{name}\" of {type.Size} bytes at {offset}", $"a place inside the compound's {size} bytes");
            }

            if (!names.Add(name))
            {
                throw place.Damaged($"two members called \"{name}\"");
            }

            members.Add(new Hdf5Member(name, (int)offset, type));
        }

        var ends = 0;
        foreach (var member in members.OrderBy(m => m.Offset))
        {
            if (member.Offset < ends)
            {
                throw place.Damaged($"the member \"{member.Name}\", which overlaps another");
            }

            ends = member.Offset + member.Type.Size;
        }

        return new Hdf5Type(Hdf5TypeClass.Compound, size) { Members = members };
    }

    private static int BytesFor(int size) => (System.Numerics.BitOperations.Log2((uint)size) / 8) + 1;

    private static Hdf5Type Reference(Place place, int size, int bits)
    {
        var kind = bits & 15;
        var offset = place.File.OffsetSize;
        if (kind > (int)Hdf5ReferenceKind.Attribute || (kind == 0 && size != offset) || (kind == 1 && size != offset + 4))
        {
            throw place.Damaged($"a reference of kind {kind} and {size} bytes", $"kind 0 of {offset} bytes or 1 of {offset + 4}");
        }

        return new Hdf5Type(Hdf5TypeClass.Reference, size) { ReferenceKind = (Hdf5ReferenceKind)kind };
    }

    private static Hdf5Type Enumeration(ref Cursor c, int size, int bits, int version, int depth)
    {
        var place = c.Place;
        var count = bits & 0xFFFF;
        var number = Read(ref c, depth + 1);
        if (!number.IsInteger || !number.IsWholeInteger || number.Size != size)
        {
            throw place.Damaged($"an enumeration of {size} bytes over {number}", "an integer of its size");
        }

        var names = new string[count];
        for (var i = 0; i < count; i++)
        {
            var start = c.Position;
            names[i] = Text.Name(c.NulTerminated(), place);
            if (names[i].Length == 0)
            {
                throw place.Damaged("an enumeration with a nameless member");
            }

            if (version < 3)
            {
                c.Align8(start);
            }
        }

        var members = new KeyValuePair<string, long>[count];
        for (var i = 0; i < count; i++)
        {
            members[i] = new(names[i], Numbers.Integer(c.Take(size), number));
        }

        return new Hdf5Type(Hdf5TypeClass.Enum, size) { Base = number, EnumMembers = members };
    }

    private static Hdf5Type Sequence(ref Cursor c, int size, int bits, int depth)
    {
        var place = c.Place;
        var kind = bits & 15;
        var expected = 8 + place.File.OffsetSize; // length, address, index
        if (kind > 1 || size != expected)
        {
            throw place.Damaged($"a type of variable length of kind {kind} and {size} bytes", $"kind 0 or 1 and {expected} bytes");
        }

        var item = Read(ref c, depth + 1);
        return kind == 0
            ? new Hdf5Type(Hdf5TypeClass.Sequence, size) { Base = item }
            : new Hdf5Type(Hdf5TypeClass.String, size)
            {
                IsVariableLength = true,
                Padding = Padding((bits >> 4) & 15, place),
                IsUtf8 = IsUtf8((bits >> 8) & 15, place),
            };
    }

    private static Hdf5Type Array(ref Cursor c, int size, int version, int depth)
    {
        var place = c.Place;
        var rank = c.U8();
        if (version < 3)
        {
            c.Skip(3);
        }

        var dimensions = Dimensions(ref c, rank, 4, MostArrayDimensions);
        if (version < 3)
        {
            c.Skip(4 * rank); // permutation
        }

        var type = ArrayOf(Read(ref c, depth + 1), dimensions, place);
        return type.Size == size ? type : throw place.Damaged($"an array of {type.Size} bytes in a type of {size}", "one size");
    }

    private static int[] Dimensions(ref Cursor c, int rank, int width, int most)
    {
        if (rank > most)
        {
            throw c.Place.Damaged($"an array type of {rank} dimensions", $"at most {most}");
        }

        var dimensions = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            var dimension = c.Unsigned(width);
            dimensions[i] = dimension is > 0 and <= int.MaxValue
                ? (int)dimension
                : throw c.Place.Damaged($"a dimension of {dimension} in an array type", "1 to 2³¹ − 1");
        }

        return dimensions;
    }

    private static Hdf5Type ArrayOf(Hdf5Type item, int[] dimensions, Place place)
    {
        long size = item.Size;
        foreach (var dimension in dimensions)
        {
            size *= dimension;
            if (size > int.MaxValue)
            {
                throw place.Damaged($"an array type of more than {int.MaxValue} bytes");
            }
        }

        return new Hdf5Type(Hdf5TypeClass.Array, (int)size) { Base = item, Dimensions = dimensions };
    }

    private static Hdf5Type Complex(ref Cursor c, int size, int depth)
    {
        var part = Read(ref c, depth + 1);
        return part.IsFloat && 2L * part.Size == size
            ? new Hdf5Type(Hdf5TypeClass.Complex, size)
            {
                Base = part, ByteOrder = part.ByteOrder, BitOffset = part.BitOffset, Precision = part.Precision,
            }
            : throw c.Place.Damaged($"a complex number of {size} bytes over {part}", "two floats");
    }
}

using Newtonsoft.Json.Linq;

namespace KerasCompat.Hdf5.Tests;

/// <summary>Describes types, spaces and storage as the manifests of the fixtures do (see generate/hdf5_features.py).</summary>
internal static class Description
{
    public static JObject Of(Hdf5Type type)
    {
        var row = new JObject { ["class"] = Class(type), ["size"] = MemorySize(type) };
        if (type.IsCommitted)
        {
            row["committed"] = true;
        }

        switch (type.Class)
        {
            case Hdf5TypeClass.Integer or Hdf5TypeClass.Float or Hdf5TypeClass.BitField or Hdf5TypeClass.Complex:
                row["order"] = Order(type.ByteOrder);
                row["bits"] = type.Precision;
                row["offset"] = type.BitOffset;
                break;
            case Hdf5TypeClass.String:
                row["size"] = type.IsVariableLength ? "variable" : type.Size;
                row["charset"] = type.IsUtf8 ? "utf8" : "ascii";
                row["pad"] = type.Padding switch
                {
                    Hdf5StringPadding.NullTerminated => "nullterm", Hdf5StringPadding.NullPadded => "nullpad", _ => "spacepad",
                };
                break;
            case Hdf5TypeClass.Opaque:
                row["tag"] = type.Tag;
                break;
            case Hdf5TypeClass.Compound:
                row["members"] = new JArray(type.Members.Select(m => new JObject
                {
                    ["name"] = m.Name, ["offset"] = m.Offset + Growth(type.Members.Where(before => before.Offset < m.Offset)), ["type"] = Of(m.Type),
                }));
                break;
            case Hdf5TypeClass.Enum:
                row["base"] = Of(type.Base!);
                row["members"] = new JObject(type.EnumMembers.Select(m => new JProperty(m.Key, m.Value)));
                break;
            case Hdf5TypeClass.Array:
                row["dims"] = new JArray(type.Dimensions);
                row["base"] = Of(type.Base!);
                break;
            case Hdf5TypeClass.Sequence:
                row["base"] = Of(type.Base!);
                break;
            case Hdf5TypeClass.Reference:
                row["to"] = type.ReferenceKind == Hdf5ReferenceKind.Region ? "region" : "object";
                break;
        }

        if (type.IsInteger)
        {
            row["signed"] = type.IsSigned;
        }
        else if (type.Float is { } f)
        {
            row["sign"] = f.SignBit;
            row["exponent"] = new JArray(f.ExponentBit, f.ExponentBits);
            row["mantissa"] = new JArray(f.MantissaBit, f.MantissaBits);
            row["bias"] = f.Bias;
        }

        return row;
    }

    public static JObject Of(Hdf5SpaceKind kind, IReadOnlyList<long> dimensions, IReadOnlyList<long> most) => kind switch
    {
        Hdf5SpaceKind.Null => new JObject { ["kind"] = "null" },
        Hdf5SpaceKind.Scalar => new JObject { ["kind"] = "scalar" },
        _ => new JObject { ["kind"] = "simple", ["dims"] = new JArray(dimensions), ["max"] = new JArray(most) },
    };

    public static JArray Of(IReadOnlyList<Hdf5Filter> filters) => new(filters.Select(f => new JObject
    {
        ["id"] = f.Id, ["values"] = new JArray(f.Parameters.Take(MostParameters)),
    }));

    /// <summary>h5py asks libhdf5 for so many parameters of a filter; what it lists beyond them is not from the file.</summary>
    public const int MostParameters = 16;

    // libhdf5 shows a type of variable length at the size of its pointer in memory, not of its reference in the file.
    private static int MemorySize(Hdf5Type type) => type.Class switch
    {
        Hdf5TypeClass.String when type.IsVariableLength => 8,
        Hdf5TypeClass.Sequence => 16,
        Hdf5TypeClass.Compound => type.Size + Growth(type.Members),
        Hdf5TypeClass.Array => type.Size / type.Base!.Size * MemorySize(type.Base!),
        _ => type.Size,
    };

    private static int Growth(IEnumerable<Hdf5Member> members) => members.Sum(m => MemorySize(m.Type) - m.Type.Size);

    private static string Class(Hdf5Type type) => type.Class switch
    {
        Hdf5TypeClass.Sequence => "vlen",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static string Order(Hdf5ByteOrder order) => order switch
    {
        Hdf5ByteOrder.LittleEndian => "little", Hdf5ByteOrder.BigEndian => "big", Hdf5ByteOrder.Vax => "vax", _ => "none",
    };
}

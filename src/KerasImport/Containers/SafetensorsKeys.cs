using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>The names that stand in a safetensors file's header, and those of its element types.</summary>
internal static class SafetensorsKeys
{
    public const string Metadata = "__metadata__";

    /// <summary>The canonical config, as JSON.</summary>
    public const string Config = "keras_config";

    public const string KerasVersion = "keras_version";

    /// <summary>The header's length stands before it, in so many bytes.</summary>
    public const int LengthBytes = 8;

    private static readonly (string Name, DType Type)[] Types =
    [
        ("F64", DType.Float64), ("F32", DType.Float32), ("F16", DType.Float16), ("BF16", DType.BFloat16),
        ("I64", DType.Int64), ("I32", DType.Int32), ("I16", DType.Int16), ("I8", DType.Int8),
        ("U64", DType.UInt64), ("U32", DType.UInt32), ("U16", DType.UInt16), ("U8", DType.UInt8), ("BOOL", DType.Bool),
    ];

    /// <summary>The format's name of a type; null where it has none.</summary>
    public static string? NameOf(DType type) => Types.FirstOrDefault(t => t.Type == type).Name;

    /// <summary>The type of a name; null where it is none.</summary>
    public static DType? TypeOf(string? name) => Types.FirstOrDefault(t => t.Name == name) is { Name: not null } found ? found.Type : null;
}

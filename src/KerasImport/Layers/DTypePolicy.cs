using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The types a layer computes in and keeps its variables in.</summary>
/// <param name="Name">Keras's name: <c>float32</c>, <c>mixed_float16</c>, <c>int8_from_float32</c>.</param>
/// <param name="Compute">What floating inputs are cast to.</param>
/// <param name="Variable">What weights are stored as.</param>
/// <param name="Quantization">The quantization mode (<c>int8</c>, <c>int4</c>, <c>float8</c>, …), or null.</param>
/// <param name="Config">The policy's own config where it is an object, else null.</param>
public sealed record DTypePolicy(string Name, DType Compute, DType Variable, string? Quantization = null, JObject? Config = null)
{
    /// <summary>Single precision throughout.</summary>
    public static DTypePolicy Float32 { get; } = new("float32", DType.Float32, DType.Float32);

    /// <summary>Reads a policy: a name, or a canonical policy object.</summary>
    /// <returns>Null where the policy is not known.</returns>
    public static DTypePolicy? Parse(JToken? token)
    {
        switch (token)
        {
            case null or { Type: JTokenType.Null }:
                return Float32;
            case JValue { Value: string name }:
                return FromName(name);
            case JObject policy when policy.SelectToken("config.source_name")?.Value<string>() is { } source:
                var config = (JObject)policy["config"]!;
                string mode = config["mode"]?.Value<string>() ?? "float8";
                DTypePolicy? plain = FromName(source);
                return plain is null ? null : plain with { Name = $"{mode}_from_{source}", Quantization = mode.Split('/')[0], Config = config };
            case JObject policy when policy.SelectToken("config.name")?.Value<string>() is { } name:
                return FromName(name);
            default:
                return null;
        }
    }

    private static DTypePolicy? FromName(string name) => name switch
    {
        "mixed_float16" => new DTypePolicy(name, DType.Float16, DType.Float32),
        "mixed_bfloat16" => new DTypePolicy(name, DType.BFloat16, DType.Float32),
        _ when name.Split("_from_") is [var mode, var source] => FromName(source) is { } plain ? plain with { Name = name, Quantization = mode } : null,
        _ when DTypes.TryParse(name, out DType type) => new DTypePolicy(name, type, type),
        _ => null,
    };
}

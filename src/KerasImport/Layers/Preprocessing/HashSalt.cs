using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The key <c>salt</c> of layers that hash: the key of SipHash, an integer for both halves or a pair.</summary>
internal static class HashSalt
{
    public static (ulong First, ulong Second)? Read(LayerConfig config) => config.Token("salt") switch
    {
        null => null,
        JValue { Value: long both } => (unchecked((ulong)both), unchecked((ulong)both)),
        JArray { Count: 2 } pair when pair.All(p => p.Type == JTokenType.Integer) => (unchecked((ulong)(long)pair[0]), unchecked((ulong)(long)pair[1])),
        var other => throw config.Wrong("salt", other, "an integer or a pair of integers"),
    };
}

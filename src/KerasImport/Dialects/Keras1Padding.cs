using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The many ways Keras 1 gives a zero padding, as pairs.</summary>
internal static class Keras1Padding
{
    private static readonly string[] OneAxis = ["left_pad", "right_pad"];

    private static readonly string[] TwoAxes = ["top_pad", "bottom_pad", "left_pad", "right_pad"];

    /// <summary>Rewrites <c>padding</c>: <c>[l, r]</c> for one axis, <c>[[t, b], [l, r]]</c> and so on for more.</summary>
    public static void Apply(LayerDraft draft)
    {
        bool flat = draft.ClassName == "ZeroPadding1D";
        JToken? padding = draft.Config["padding"];
        JToken? canonical = padding switch
        {
            JObject sides => Pairs((flat ? OneAxis : TwoAxes).Select(side => sides[side] ?? 0), flat),
            JArray { Count: 4 } sides => Pairs(sides, flat),
            JArray list when !flat && list.All(item => item.Type == JTokenType.Integer) => Pairs(list.SelectMany(item => new[] { item, item }), flat),
            JValue { Type: JTokenType.Integer } all when flat => new JArray(all, all),
            _ => padding,
        };
        draft.Config["padding"] = canonical;
    }

    private static JArray Pairs(IEnumerable<JToken> sides, bool flat)
    {
        JToken[] list = [.. sides];
        return flat ? new JArray(list.ToArray<object>()) : new JArray(list.Chunk(2).Select(pair => new JArray(pair.ToArray<object>())));
    }
}

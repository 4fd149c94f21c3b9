using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The order of image axes, and how to tell it where a layer does not record it.</summary>
/// <remarks>Keras 1 writes <c>dim_ordering</c> into convolutions and pooling, but not into padding, cropping, upsampling and spatial dropout:
/// those take the user's global setting when they load. The model's other layers show what that was.</remarks>
internal static class DataFormats
{
    public const string First = "channels_first";

    public const string Last = "channels_last";

    private static readonly Dictionary<string, string> OfDimOrdering = new() { ["tf"] = Last, ["th"] = First };

    /// <summary>The data format of a Keras 1 <c>dim_ordering</c>; null for <c>default</c> and anything unknown.</summary>
    public static string? Of(string? dimOrdering) => dimOrdering is null ? null : OfDimOrdering.GetValueOrDefault(dimOrdering);

    /// <summary>The order that most layers of a model record; null where none does.</summary>
    public static string? Infer(JObject model) => model.DescendantsAndSelf().OfType<JProperty>()
        .Where(property => property.Name == "dim_ordering")
        .Select(property => Of((property.Value as JValue)?.Value as string))
        .OfType<string>()
        .GroupBy(format => format)
        .OrderByDescending(group => group.Count())
        .FirstOrDefault()?.Key;
}

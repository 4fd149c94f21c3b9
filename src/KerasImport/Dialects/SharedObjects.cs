using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Layers that stand in several places of a file and are one object.</summary>
/// <remarks>The id is a Python address: an address used again for another object is told by class and config.</remarks>
internal static class SharedObjects
{
    /// <summary>Where a layer's raw id waits until the whole tree is known.</summary>
    public const string RawKey = "shared_object_id";

    /// <summary>Replaces raw ids by a <c>shared_id</c> on those objects that stand in more than one place.</summary>
    public static void Mark(JObject root)
    {
        JObject[] marked = [.. root.DescendantsAndSelf().OfType<JObject>().Where(value => value.ContainsKey(RawKey) && value.ContainsKey("kind"))];
        int shared = 0;
        foreach (IGrouping<string, JObject> group in marked.GroupBy(Identity).ToArray())
        {
            JObject[] places = [.. group];
            if (places.Length > 1)
            {
                shared++;
            }

            foreach (JObject place in places)
            {
                place.Remove(RawKey);
                if (places.Length > 1)
                {
                    place["shared_id"] = $"shared_{shared}";
                }
            }
        }
    }

    private static string Identity(JObject layer) =>
        $"{layer[RawKey]} {layer["class_name"]} {layer["config"]!.ToString(Newtonsoft.Json.Formatting.None)}";
}

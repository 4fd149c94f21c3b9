using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Reading JSON whose types nobody promises: a value of another type counts as absent.</summary>
internal static class JsonAccess
{
    public static string? Text(this JObject owner, string key) => (owner[key] as JValue)?.Value as string;

    public static bool? Flag(this JObject owner, string key) => owner[key] is JValue { Value: bool flag } ? flag : null;

    public static int? Integer(this JObject owner, string key) => owner[key].AsInteger();

    public static int? AsInteger(this JToken? token) =>
        token is JValue { Type: JTokenType.Integer, Value: { } value } ? value switch
        {
            int number => number,
            long number and >= int.MinValue and <= int.MaxValue => (int)number,
            _ => null,
        } : null;

    public static bool IsNull(this JToken? token) => token is null || token.Type is JTokenType.Null or JTokenType.Undefined;

    /// <summary>Removes a key and gives its value, free to stand elsewhere (Newtonsoft copies a value that still has a place); null where there is none.</summary>
    public static JToken? Take(this JObject owner, string key)
    {
        if (owner.Property(key, StringComparison.Ordinal) is not { } property)
        {
            return null;
        }

        JToken value = property.Value;
        property.Value = JValue.CreateNull();
        property.Remove();
        return value;
    }

    /// <summary>Removes the items from a position on and gives them, free to stand elsewhere.</summary>
    public static JToken[] TakeFrom(this JArray list, int start)
    {
        JToken[] taken = [.. list.Skip(start)];
        foreach (JToken item in taken)
        {
            item.Remove();
        }

        return taken;
    }

    /// <summary>Gives a key another name where it stands; an existing key of that name wins.</summary>
    public static void Rename(this JObject owner, string from, string to)
    {
        if (owner.Property(from, StringComparison.Ordinal) is not { } property || from == to)
        {
            return;
        }

        if (owner.ContainsKey(to))
        {
            property.Remove();
            return;
        }

        JToken value = property.Value;
        property.Value = JValue.CreateNull();
        property.Replace(new JProperty(to, value));
    }

    /// <summary>Writes a key where it is missing or null.</summary>
    public static void Default(this JObject owner, string key, JToken value)
    {
        if (owner[key].IsNull())
        {
            owner[key] = value;
        }
    }

    /// <summary>The object, where it is <c>{"class_name": …, "config": …}</c>.</summary>
    public static JObject? AsObjectOfClass(this JToken? token) =>
        token is JObject candidate && candidate.Text("class_name") is not null && candidate.ContainsKey("config") ? candidate : null;
}

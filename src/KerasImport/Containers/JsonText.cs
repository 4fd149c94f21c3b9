using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>Reads and writes JSON as Python does: NaN and Infinity are numbers, of equal keys the last counts, text is never a date.</summary>
internal static class JsonText
{
    /// <summary>How often a JSON text may be wrapped in a JSON string: <c>json.dumps(model.to_json())</c> does it once.</summary>
    private const int MaxWrappings = 4;

    /// <exception cref="ModelFormatException">The bytes are no JSON.</exception>
    /// <exception cref="ResourceLimitException">They are too many, or nested too deep.</exception>
    public static JToken Parse(ReadOnlySpan<byte> bytes, string place, ReadLimits limits)
    {
        CheckLength(bytes.Length, place, limits);
        return Parse(TextDecoding.Decode(bytes, place), place, limits);
    }

    /// <exception cref="ModelFormatException">The text is no JSON.</exception>
    /// <exception cref="ResourceLimitException">It is too long, or nested too deep.</exception>
    public static JToken Parse(string text, string place, ReadLimits limits)
    {
        CheckLength(text.Length, place, limits);
        JToken token = ParseOnce(text, place, limits);
        for (int i = 0; i < MaxWrappings && token.Type == JTokenType.String; i++)
        {
            string inner = (string)token!;
            if (!inner.AsSpan().TrimStart().StartsWith('{') && !inner.AsSpan().TrimStart().StartsWith('"'))
            {
                break;
            }

            token = ParseOnce(inner, place, limits);
        }

        return token;
    }

    /// <summary>JSON as Python writes and reads it: numbers that are not finite as <c>NaN</c> and <c>Infinity</c>, not in quotes.</summary>
    public static string Write(JToken token, Formatting formatting)
    {
        using var text = new StringWriter();
        using var writer = new JsonTextWriter(text) { Formatting = formatting, FloatFormatHandling = FloatFormatHandling.Symbol };
        token.WriteTo(writer);
        writer.Flush();
        return text.ToString();
    }

    /// <exception cref="ModelFormatException">The token is no object.</exception>
    public static JObject AsObject(JToken token, string place) => token as JObject
        ?? throw new ModelFormatException(place, Describe(token), "a JSON object");

    /// <summary>What a token is, for messages: <c>a list</c>, <c>the number 3</c>.</summary>
    public static string Describe(JToken token) => token.Type switch
    {
        JTokenType.Object => "an object",
        JTokenType.Array => "a list",
        JTokenType.Integer or JTokenType.Float => $"the number {Short(token)}",
        JTokenType.String => $"the text {Short(token)}",
        JTokenType.Boolean => Short(token),
        _ => "null",
    };

    public static void CheckLength(long length, string place, ReadLimits limits)
    {
        if (length > limits.MaxTextBytes)
        {
            throw new ResourceLimitException(place, $"a text of {length} bytes", $"at most {limits.MaxTextBytes}", "raise ReadLimits.MaxTextBytes if the file is trusted");
        }
    }

    private static string Short(JToken token)
    {
        string text = token.ToString(Formatting.None);
        return text.Length > 60 ? text[..60] + "…" : text;
    }

    private static string Found(string message) => message switch
    {
        _ when message.StartsWith("Additional text", StringComparison.Ordinal) => "text after the JSON",
        _ when message.Contains("unquoted", StringComparison.Ordinal) => "text that is not JSON",
        _ when message.StartsWith("Unexpected end", StringComparison.Ordinal) || message.StartsWith("Unterminated", StringComparison.Ordinal) => "JSON that is cut short",
        _ => "text that is not JSON",
    };

    private static JToken ParseOnce(string text, string place, ReadLimits limits)
    {
        using var reader = new JsonTextReader(new StringReader(LoneSurrogates.Unescape(text)))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
            MaxDepth = limits.MaxDepth,
        };
        try
        {
            JToken token = JToken.Load(reader, new JsonLoadSettings { CommentHandling = CommentHandling.Ignore, DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Replace });
            reader.Read(); // anything after the value is an error

            // What the parser takes and JSON has not: a list with nothing between its commas, JavaScript's undefined and constructors.
            return (token as JContainer)?.DescendantsAndSelf().FirstOrDefault(t => t.Type is JTokenType.Undefined or JTokenType.Constructor) is { } foreign
                ? throw new ModelFormatException(place, $"text that is not JSON at {foreign.Path}", "whole JSON")
                : token;
        }
        catch (JsonReaderException e) when (e.Message.Contains("MaxDepth", StringComparison.Ordinal))
        {
            throw new ResourceLimitException(place, $"JSON nested deeper than {limits.MaxDepth} levels", $"at most {limits.MaxDepth}", "raise ReadLimits.MaxDepth if the file is trusted");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(place, Found(e.Message), "whole JSON", e.Message.TrimEnd('.'), e);
        }
        catch (Exception e) when (e is OverflowException or FormatException or ArgumentException)
        {
            throw new ModelFormatException(place, "a number that no JSON holds", "whole JSON", inner: e);
        }
    }
}

using KerasCompat.Containers;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text;

/// <summary>A word index kept alone, as <c>json.dump(tokenizer.word_index, f)</c> or a pickle of it leaves it.</summary>
public static class WordIndex
{
    /// <summary>Reads the JSON of a word index: an object of words and whole numbers.</summary>
    /// <exception cref="ModelFormatException">The text is not such an object.</exception>
    /// <exception cref="ResourceLimitException">It is too long.</exception>
    public static IReadOnlyDictionary<string, int> FromJson(string json, ReadLimits? limits = null) =>
        Read(JsonText.AsObject(JsonText.Parse(json, "word index", limits ?? ReadLimits.Default), "word index"), "word index");

    internal static OrderedDictionary<string, int> Read(JObject json, string place)
    {
        var index = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (JProperty property in json.Properties())
        {
            index[property.Name] = property.Value is JValue { Value: long and >= int.MinValue and <= int.MaxValue and var n }
                ? (int)(long)n
                : throw NoIndex(place, property.Name, JsonText.Describe(property.Value));
        }

        return index;
    }

    internal static OrderedDictionary<string, int> Read(OrderedDictionary<object, object?> pickled, string place)
    {
        var index = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach ((object key, object? value) in pickled)
        {
            index[key as string ?? throw NoIndex(place, $"{key}", "a key that is no text")] =
                value is long number and >= int.MinValue and <= int.MaxValue ? (int)number : throw NoIndex(place, $"{key}", value is Tokenizer ? "a Tokenizer" : "no whole number");
        }

        return index;
    }

    private static ModelFormatException NoIndex(string place, string word, string found) => new(
        $"{place}, \"{word}\"", found, "a word and its index", "give a Tokenizer, or an object of words and whole numbers");
}

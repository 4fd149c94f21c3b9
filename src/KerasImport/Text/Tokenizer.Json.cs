using System.Globalization;
using KerasCompat.Containers;

namespace KerasCompat.Text;

public sealed partial class Tokenizer
{
    /// <summary>Reads what <c>tokenizer.to_json()</c> wrote, also where it was dumped once more as a JSON string.</summary>
    /// <param name="json">The text.</param>
    /// <param name="generation">The Keras that fitted the tokenizer: the JSON does not tell.</param>
    /// <param name="limits">What the text may make the reader allocate.</param>
    /// <exception cref="ModelFormatException">The text is not a tokenizer.</exception>
    /// <exception cref="ResourceLimitException">It is too long, or nested too deep.</exception>
    public static Tokenizer FromJson(string json, TokenizerGeneration generation = TokenizerGeneration.Current, ReadLimits? limits = null) =>
        TokenizerJson.Read(JsonText.Parse(json, "tokenizer", limits ?? ReadLimits.Default), "tokenizer", generation, limits ?? ReadLimits.Default);

    /// <summary>The tokenizer as <c>tokenizer.to_json()</c> writes it, to the byte; <see cref="TokenizerOptions.Analyzer"/> is not saved.</summary>
    public string ToJson() => PythonJson.Object(
    [
        ("class_name", PythonJson.Text("Tokenizer")),
        ("config", PythonJson.Object(
        [
            ("num_words", Options.NumWords?.ToString(CultureInfo.InvariantCulture) ?? "null"),
            ("filters", PythonJson.Text(Options.Filters)),
            ("lower", Options.Lower ? "true" : "false"),
            ("split", PythonJson.Text(Options.Split)),
            ("char_level", Options.CharLevel ? "true" : "false"),
            ("oov_token", Options.OovToken is { } oov ? PythonJson.Text(oov) : "null"),
            ("document_count", Text(DocumentCount)),
            ("word_counts", PythonJson.Text(PythonJson.Object(_wordCounts))),
            ("word_docs", PythonJson.Text(PythonJson.Object(_wordDocs))),
            ("index_docs", PythonJson.Text(PythonJson.Object(_indexDocs.Select(p => (Text(p.Key), Text(p.Value)))))),
            ("index_word", PythonJson.Text(PythonJson.Object(_indexWord.Select(p => (Text(p.Key), PythonJson.Text(p.Value)))))),
            ("word_index", PythonJson.Text(PythonJson.Object(_wordIndex))),
        ])),
    ]);

    /// <summary>Takes over what a fitted tokenizer holds.</summary>
    internal static Tokenizer Restore(TokenizerOptions options, TokenizerState state)
    {
        var tokenizer = new Tokenizer(options) { DocumentCount = state.DocumentCount };
        Fill(tokenizer._wordCounts, state.WordCounts);
        Fill(tokenizer._wordDocs, state.WordDocs);
        Fill(tokenizer._indexDocs, state.IndexDocs);
        Fill(tokenizer._wordIndex, state.WordIndex);
        Fill(tokenizer._indexWord, state.IndexWord ?? state.WordIndex.Select(p => KeyValuePair.Create(p.Value, p.Key)));
        tokenizer.FillLookup();
        return tokenizer;
    }

    private static void Fill<TKey, TValue>(OrderedDictionary<TKey, TValue> target, IEnumerable<KeyValuePair<TKey, TValue>> source)
        where TKey : notnull
    {
        foreach ((TKey key, TValue value) in source)
        {
            target[key] = value;
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

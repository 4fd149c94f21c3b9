using System.Globalization;
using KerasCompat.Containers;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text;

/// <summary>Reads the JSON of Keras's Tokenizer: five of its values are JSON texts within the JSON.</summary>
internal static class TokenizerJson
{
    private const string Remedy = "write the tokenizer with tokenizer.to_json()";

    private static readonly HashSet<string> Keys =
    [
        "num_words", "nb_words", "filters", "lower", "split", "char_level", "oov_token", "analyzer", "document_count",
        "word_counts", "word_docs", "index_docs", "index_word", "word_index",
    ];

    public static Tokenizer Read(JToken json, string place, TokenizerGeneration generation, ReadLimits limits)
    {
        JObject root = JsonText.AsObject(json, place);
        if (root["class_name"] is not JValue { Value: "Tokenizer" })
        {
            throw new ModelFormatException($"{place}.class_name", root["class_name"] is { } other ? JsonText.Describe(other) : "nothing", "\"Tokenizer\"", Remedy);
        }

        JObject config = JsonText.AsObject(root["config"] ?? JValue.CreateNull(), $"{place}.config");
        return new Reader(config, $"{place}.config", limits).Read(generation);
    }

    private sealed class Reader(JObject config, string place, ReadLimits limits)
    {
        public Tokenizer Read(TokenizerGeneration generation)
        {
            RefuseUnknownKeys();
            var options = new TokenizerOptions
            {
                NumWords = OptionalNumber("num_words") ?? OptionalNumber("nb_words"),
                Filters = (string?)Optional("filters", JTokenType.String) ?? TokenizerOptions.DefaultFilters,
                Lower = (bool?)Optional("lower", JTokenType.Boolean) ?? true,
                Split = (string?)Optional("split", JTokenType.String) ?? " ",
                CharLevel = (bool?)Optional("char_level", JTokenType.Boolean) ?? false,
                OovToken = (string?)Optional("oov_token", JTokenType.String),
                Generation = generation,
            };
            return Tokenizer.Restore(options, new TokenizerState
            {
                DocumentCount = OptionalNumber("document_count") ?? 0,
                WordCounts = [.. Table("word_counts").Select(p => KeyValuePair.Create(p.Name, Number(p.Value, p.Name)))],
                WordDocs = [.. Table("word_docs").Select(p => KeyValuePair.Create(p.Name, Number(p.Value, p.Name)))],
                IndexDocs = [.. Table("index_docs").Select(p => KeyValuePair.Create(Index(p, "index_docs"), Number(p.Value, p.Name)))],
                WordIndex = [.. Table("word_index", needed: true).Select(p => KeyValuePair.Create(p.Name, Number(p.Value, p.Name)))],
                IndexWord = config.ContainsKey("index_word") ? [.. Table("index_word").Select(p => KeyValuePair.Create(Index(p, "index_word"), Word(p)))] : null,
            });
        }

        private void RefuseUnknownKeys()
        {
            foreach (JProperty property in config.Properties().Where(p => !Keys.Contains(p.Name) && p.Value.Type != JTokenType.Null))
            {
                throw new ModelFormatException($"{place}.{property.Name}", JsonText.Describe(property.Value), $"one of {string.Join(", ", Keys)}", "remove the key if it means nothing");
            }

            if (config["analyzer"] is { Type: not JTokenType.Null } analyzer)
            {
                throw new ModelFormatException($"{place}.analyzer", JsonText.Describe(analyzer), "null: Keras does not save it", "remove the key and set TokenizerOptions.Analyzer");
            }
        }

        private int? OptionalNumber(string key) => Optional(key, JTokenType.Integer) is { } value ? Number(value, key) : null;

        private JToken? Optional(string key, JTokenType type) => config[key] switch
        {
            null or { Type: JTokenType.Null } => null,
            { } value when value.Type == type => value,
            { } value => throw new ModelFormatException($"{place}.{key}", JsonText.Describe(value), type.ToString().ToLowerInvariant(), Remedy),
        };

        private IEnumerable<JProperty> Table(string key, bool needed = false)
        {
            JToken? value = config[key];
            if (value is null && !needed)
            {
                return [];
            }

            string where = $"{place}.{key}";
            return JsonText.AsObject(value is { Type: JTokenType.String } ? JsonText.Parse((string)value!, where, limits) : value ?? JValue.CreateNull(), where).Properties();
        }

        private int Number(JToken value, string key) => value is JValue { Value: long and >= int.MinValue and <= int.MaxValue and var n }
            ? (int)(long)n
            : throw new ModelFormatException($"{place}, \"{key}\"", JsonText.Describe(value), "a whole number of 32 bits", Remedy);

        private int Index(JProperty property, string table) => int.TryParse(property.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)
            ? index
            : throw new ModelFormatException($"{place}.{table}", $"the key \"{property.Name}\"", "an index", Remedy);

        private string Word(JProperty property) => property.Value.Type == JTokenType.String
            ? (string)property.Value!
            : throw new ModelFormatException($"{place}.index_word, \"{property.Name}\"", JsonText.Describe(property.Value), "a word", Remedy);
    }
}

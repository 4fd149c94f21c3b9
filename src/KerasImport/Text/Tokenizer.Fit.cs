namespace KerasCompat.Text;

public sealed partial class Tokenizer
{
    /// <summary>Counts the words of the texts, on top of those of earlier fits, and numbers all words anew.</summary>
    public void FitOnTexts(IEnumerable<string> texts) => Fit(texts.Select(text => new TokenizerText(text)));

    /// <summary>The same for texts that are split already.</summary>
    public void FitOnTexts(IEnumerable<IReadOnlyList<string>> texts) => Fit(texts.Select(words => new TokenizerText(words)));

    /// <summary>Counts in how many sequences each index occurs, which mode <see cref="MatrixMode.TfIdf"/> needs. It numbers no words.</summary>
    public void FitOnSequences(IEnumerable<IReadOnlyList<int>> sequences)
    {
        StartFit();
        foreach (IReadOnlyList<int> sequence in sequences)
        {
            DocumentCount++;
            foreach (int index in sequence.Distinct())
            {
                _indexDocs[index] = _indexDocs.GetValueOrDefault(index) + 1;
            }
        }
    }

    private void Fit(IEnumerable<TokenizerText> texts)
    {
        StartFit();
        var sink = new CountSink(_wordCounts, _wordDocs);
        foreach (TokenizerText text in texts)
        {
            DocumentCount++;
            sink.StartDocument();
            text.Split(Options, Splitter, ref sink);
        }

        NumberWords();
    }

    private void StartFit()
    {
        if (Options.Generation == TokenizerGeneration.Keras1)
        {
            DocumentCount = 0;
        }
    }

    private void NumberWords()
    {
        // OrderByDescending is stable: words of equal count keep their order.
        IEnumerable<string> words = _wordCounts.OrderByDescending(w => w.Value).Select(w => w.Key);
        if (Options.OovToken is { } oov)
        {
            words = Options.Generation == TokenizerGeneration.Current ? words.Prepend(oov)
                : _wordCounts.ContainsKey(oov) ? words : words.Append(oov);
        }

        _wordIndex.Clear();
        int index = 0;
        foreach (string word in words)
        {
            // An OOV token that the texts contain comes twice, and its later index counts.
            _wordIndex[word] = ++index;
        }

        _indexWord.Clear();
        foreach ((string word, int at) in _wordIndex)
        {
            _indexWord[at] = word;
        }

        foreach ((string word, int documents) in _wordDocs)
        {
            _indexDocs[_wordIndex[word]] = documents;
        }

        FillLookup();
    }

    private void FillLookup()
    {
        _lookup.Clear();
        foreach ((string word, int index) in _wordIndex)
        {
            _lookup[word] = index;
        }
    }

    /// <summary>Counts words, and once a document the documents they occur in.</summary>
    private readonly struct CountSink(OrderedDictionary<string, int> counts, OrderedDictionary<string, int> documents) : IWordSink
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public void StartDocument() => _seen.Clear();

        public void Add(ReadOnlySpan<char> span)
        {
            string word = span.ToString();
            counts[word] = counts.GetValueOrDefault(word) + 1;
            if (_seen.Add(word))
            {
                documents[word] = documents.GetValueOrDefault(word) + 1;
            }
        }
    }
}

declare module 'virtual:millrace-theme.css';
